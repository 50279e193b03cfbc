#include <algorithm>
#include <cmath>

#include "plot.hpp"

namespace pyro::html {
namespace {

struct Sums {
  double up = 0, down = 0;
  bool any = false;
};

Sums sums_of(const StackedChart& chart, std::size_t category) {
  Sums sums;
  for (const BarSeries& series : chart.series) {
    if (category >= series.values.size() || !std::isfinite(series.values[category])) continue;
    (series.values[category] > 0 ? sums.up : sums.down) += series.values[category];
    sums.any = true;
  }
  return sums;
}

// Every how many categories a label has room.
std::size_t label_step(const StackedChart& chart, double slot) {
  std::size_t longest = 1;
  for (const std::string& name : chart.categories) longest = std::max(longest, name.size());
  const double width = 7.0 * static_cast<double>(longest) + 8;
  const auto least = static_cast<std::size_t>(std::ceil(width / slot));
  for (const std::size_t step : {1U, 2U, 5U, 10U, 15U, 30U, 60U, 120U, 300U, 600U})
    if (step >= least) return step;
  return least;
}

}  // namespace

Html chart(const StackedChart& chart) {
  std::vector<Sums> sums;
  sums.reserve(chart.categories.size());
  std::vector<double> ends;
  std::vector<Key> keys;
  keys.reserve(chart.series.size());
  for (std::size_t c = 0; c < chart.categories.size(); ++c) {
    sums.push_back(sums_of(chart, c));
    ends.insert(ends.end(), {sums.back().up, sums.back().down});
  }
  for (const BarSeries& series : chart.series) keys.push_back({series.name, series.tint, ""});
  const Axis x{chart.x_label};
  const Area area = area_of(chart.size, x, chart.y, longest_tick(Scale(chart.y, ends, 1, 0, true)));
  const Scale y(chart.y, ends, area.bottom, area.top, true);
  std::string out = open_figure(chart.title, keys, chart.size) + y_axis(area, chart.y, y);
  const double zero = std::clamp(y.px(0), area.top, area.bottom);
  const double slot =
      (area.right - area.left) / static_cast<double>(std::max<std::size_t>(1, chart.categories.size()));
  const double width = std::min(slot * 0.78, 72.0);
  const std::size_t labelled = label_step(chart, slot);
  std::string bars, strokes;
  for (std::size_t c = 0; c < chart.categories.size(); ++c) {
    const double middle = area.left + (static_cast<double>(c) + 0.5) * slot, left = middle - width / 2;
    if (c % labelled == 0) out += text_at(middle, area.bottom + 18, "middle", chart.categories[c]) + "\n";
    const auto rect = [&](const std::string& what, double from, double to, const std::string& title) {
      bars += "<rect class=\"" + what + "\" x=\"" + px(left) + "\" y=\"" + px(std::min(from, to)) +
              "\" width=\"" + px(width) + "\" height=\"" + px(std::abs(to - from)) + "\">" +
              element("title", title) + "</rect>\n";
    };
    if (!sums[c].any) {
      rect("band " + tint_class(Tint::muted), area.top, area.bottom, chart.categories[c] + ": no value");
      continue;
    }
    double up = 0, down = 0;
    for (const BarSeries& series : chart.series) {
      if (c >= series.values.size() || !std::isfinite(series.values[c]) || series.values[c] == 0) continue;
      double& edge = series.values[c] > 0 ? up : down;
      const double from = edge;
      edge += series.values[c];
      rect("fill " + tint_class(series.tint), y.px(from), y.px(edge),
           series.name + ", " + chart.categories[c] + ": " + fixed(series.values[c], 4));
    }
    strokes += "<path class=\"err\" d=\"M" + px(left - width * 0.1) + " " +
               px(y.px(sums[c].up + sums[c].down)) + "h" + px(width * 1.2) + "\">" +
               element("title", chart.categories[c] + ": " + fixed(sums[c].up + sums[c].down, 4)) +
               "</path>\n";
  }
  out += clip(area, bars + strokes) + "<path class=\"axis\" d=\"M" + px(area.left) + " " + px(zero) + "H" +
         px(area.right) + "\"/>\n" + x_label(area, x);
  return {out + close_figure()};
}

}  // namespace pyro::html
