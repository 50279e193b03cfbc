#include <algorithm>

#include "plot.hpp"

namespace pyro::html {
namespace {

constexpr std::size_t kMostSpots = 400;  // points that can be pointed at; more would lie on each other

struct Scales {
  const Scale &x, &y;
  [[nodiscard]] bool shows(double at_x, double at_y) const { return x.shows(at_x) && y.shows(at_y); }
  [[nodiscard]] std::string at(double at_x, double at_y) const {
    return px(x.px(at_x)) + " " + px(y.px(at_y));
  }
};

std::string line(const Series& series, const Scales& scales) {
  std::string path;
  bool open = false;
  for (std::size_t i = 0; i < std::min(series.x.size(), series.y.size()); ++i) {
    const bool shown = scales.shows(series.x[i], series.y[i]);
    if (shown) path += (open ? "L" : "M") + scales.at(series.x[i], series.y[i]);
    open = shown;
  }
  return path.empty()
             ? ""
             : "<path class=\"line" + std::string(series.dashed ? " dash" : "") + "\" d=\"" + path + "\"/>\n";
}

// One closed outline for each run of points whose both ends are known.
std::string band(const Series& series, const Scales& scales) {
  const std::size_t count = std::min({series.x.size(), series.low.size(), series.high.size()});
  std::string path, back;
  for (std::size_t i = 0; i <= count; ++i) {
    if (i < count && scales.shows(series.x[i], series.low[i]) && scales.shows(series.x[i], series.high[i])) {
      path += (back.empty() ? "M" : "L") + scales.at(series.x[i], series.high[i]);
      back.insert(0, "L" + scales.at(series.x[i], series.low[i]));
    } else if (!back.empty()) {
      path += back + "Z";
      back.clear();
    }
  }
  return path.empty() ? "" : "<path class=\"band\" d=\"" + path + "\"/>\n";
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

std::string spots(const Series& series, const Scales& scales) {
  std::string out;
  const std::size_t count = std::min(series.x.size(), series.y.size());
  if (count > kMostSpots && !series.dots) return out;
  for (std::size_t i = 0; i < count; ++i) {
    if (!scales.shows(series.x[i], series.y[i])) continue;
    out += "<circle class=\"" + std::string(series.dots ? "fill" : "spot") + "\" cx=\"" +
           px(scales.x.px(series.x[i])) + "\" cy=\"" + px(scales.y.px(series.y[i])) + "\" r=\"" +
           (series.dots ? "3.5" : "5") + "\">" +
           element("title", series.name + ": " + number(series.x[i]) + ", " + number(series.y[i])) +
           "</circle>\n";
  }
  return out;
}

}  // namespace

Html chart(const LineChart& chart) {
  std::vector<double> xs, ys;
  std::vector<Key> keys;
  for (const Series& series : chart.series) {
    xs.insert(xs.end(), series.x.begin(), series.x.end());
    for (const auto* values : {&series.y, &series.low, &series.high})
      ys.insert(ys.end(), values->begin(), values->end());
    keys.push_back({series.name, series.tint, series.dashed ? "dash" : ""});
  }
  for (const Mark& mark : chart.marks) xs.push_back(mark.x);
  const Area area = area_of(chart.size, chart.x, chart.y, longest_tick(Scale(chart.y, ys, 1, 0)));
  const Scale x(chart.x, xs, area.left, area.right), y(chart.y, ys, area.bottom, area.top);
  const Scales scales{x, y};
  std::string out = open_figure(chart.title, keys.size() > 1 ? keys : std::vector<Key>{}, chart.size) +
                    y_axis(area, chart.y, y) + x_axis(area, chart.x, x) + "<path class=\"axis\" d=\"M" +
                    px(area.left) + " " + px(area.bottom) + "H" + px(area.right) + "\"/>\n";
  std::string inside;
  if (chart.diagonal) {
    const double low = std::max(x.from(), y.from()), high = std::min(x.to(), y.to());
    inside += "<path class=\"mark\" d=\"M" + scales.at(low, low) + "L" + scales.at(high, high) + "\"/>\n";
  }
  for (const Mark& mark : chart.marks) {
    if (!x.shows(mark.x)) continue;
    const double at = x.px(mark.x);
    const bool left = at > (area.left + area.right) / 2;  // its label stays inside
    inside += "<path class=\"mark\" d=\"M" + px(at) + " " + px(area.top) + "V" + px(area.bottom) + "\"/>" +
              text_at(at + (left ? -5 : 5), area.top + 12, left ? "end" : "start", mark.label) + "\n";
  }
  for (const Series& series : chart.series) {
    inside += "<g class=\"" + tint_class(series.tint) + "\">\n" + band(series, scales) +
              line(series, scales) + spots(series, scales) + "</g>\n";
  }
  return {out + clip(area, inside) + close_figure()};
}

}  // namespace pyro::html
