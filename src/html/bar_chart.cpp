#include <algorithm>

#include "plot.hpp"

namespace pyro::html {

Html chart(const BarChart& chart) {
  std::vector<double> values;
  std::vector<Key> keys;
  for (const BarSeries& series : chart.series) {
    for (const auto* some : {&series.values, &series.low, &series.high})
      values.insert(values.end(), some->begin(), some->end());
    keys.push_back({series.name, series.tint, ""});
  }
  const Axis x{};
  const Area area = area_of(chart.size, x, chart.y, longest_tick(Scale(chart.y, values, 1, 0, true)));
  const Scale y(chart.y, values, area.bottom, area.top, true);
  std::string out = open_figure(chart.title, keys.size() > 1 ? keys : std::vector<Key>{}, chart.size) +
                    y_axis(area, chart.y, y);
  const double zero = std::clamp(chart.y.log ? area.bottom : y.px(0), area.top, area.bottom);
  const double slot =
      (area.right - area.left) / static_cast<double>(std::max<std::size_t>(1, chart.categories.size()));
  const double group =
      std::min(slot * 0.74, 56.0 * static_cast<double>(std::max<std::size_t>(1, chart.series.size())));
  const double width = group / static_cast<double>(std::max<std::size_t>(1, chart.series.size()));
  std::string bars, errors;
  for (std::size_t c = 0; c < chart.categories.size(); ++c) {
    const double middle = area.left + (static_cast<double>(c) + 0.5) * slot;
    out += text_at(middle, area.bottom + 18, "middle", chart.categories[c]) + "\n";
    for (std::size_t s = 0; s < chart.series.size(); ++s) {
      const BarSeries& series = chart.series[s];
      if (c >= series.values.size() || !y.shows(series.values[c])) continue;
      const double at = y.px(series.values[c]), left = middle - group / 2 + static_cast<double>(s) * width;
      const Tint tint =
          chart.series.size() == 1 && c < chart.category_tints.size() ? chart.category_tints[c] : series.tint;
      std::string title = (series.name.empty() ? "" : series.name + ", ") + chart.categories[c] + ": " +
                          fixed(series.values[c], 4);
      const bool interval = c < series.low.size() && c < series.high.size() && y.shows(series.low[c]) &&
                            y.shows(series.high[c]);
      if (interval) title += " (" + fixed(series.low[c], 4) + " to " + fixed(series.high[c], 4) + ")";
      bars += "<rect class=\"fill " + tint_class(tint) + "\" x=\"" + px(left + 1) + "\" y=\"" +
              px(std::min(at, zero)) + "\" width=\"" + px(width - 2) + "\" height=\"" +
              px(std::abs(at - zero)) + "\">" + element("title", title) + "</rect>\n";
      if (!interval) continue;
      const double centre = left + width / 2, low = y.px(series.low[c]), high = y.px(series.high[c]);
      errors += "<path class=\"err\" d=\"M" + px(centre) + " " + px(low) + "V" + px(high) + "M" +
                px(centre - 4) + " " + px(low) + "h8M" + px(centre - 4) + " " + px(high) + "h8\"/>\n";
    }
  }
  out += clip(area, bars + errors) + "<path class=\"axis\" d=\"M" + px(area.left) + " " + px(zero) + "H" +
         px(area.right) + "\"/>\n";
  return {out + close_figure()};
}

}  // namespace pyro::html
