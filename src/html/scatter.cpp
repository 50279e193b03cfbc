#include <algorithm>
#include <cmath>

#include "plot.hpp"

namespace pyro::html {
namespace {

// All pictures as tiles of one, row by row.
struct Sheet {
  std::string source;
  int columns = 0;
};

Sheet sheet_of(const std::vector<Raster>& pictures) {
  const Raster& first = pictures.front();
  const auto tile = static_cast<std::size_t>(first.width), high = static_cast<std::size_t>(first.height),
             channels = static_cast<std::size_t>(first.channels);
  const bool alike = std::ranges::all_of(pictures, [&](const Raster& one) {
    return one.width == first.width && one.height == first.height && one.channels == first.channels &&
           one.pixels.size() == tile * high * channels;
  });
  if (!alike || tile == 0 || high == 0) return {};
  const auto columns = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(pictures.size()))));
  const std::size_t rows = (pictures.size() + columns - 1) / columns, row_bytes = tile * channels;
  std::vector<std::uint8_t> pixels(columns * row_bytes * rows * high);
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    for (std::size_t y = 0; y < high; ++y) {
      std::copy_n(pictures[i].pixels.begin() + static_cast<std::ptrdiff_t>(y * row_bytes), row_bytes,
                  pixels.begin() + static_cast<std::ptrdiff_t>(
                                       ((i / columns * high + y) * columns + i % columns) * row_bytes));
    }
  }
  return {
      png_data_uri({pixels, static_cast<int>(columns * tile), static_cast<int>(rows * high), first.channels}),
      static_cast<int>(columns)};
}

// FNV-1a: the same page again has the same ids, and two scatters on it do not share one.
std::string id_of(const std::string& text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3ULL;
  char id[32];
  std::snprintf(id, sizeof id, "sheet-%016llx", static_cast<unsigned long long>(hash));
  return id;
}

}  // namespace

Html chart(const Scatter& chart) {
  std::vector<double> xs, ys;
  for (const Dot& dot : chart.dots) xs.push_back(dot.x), ys.push_back(dot.y);
  const Area area = area_of(chart.size, chart.x, chart.y, longest_tick(Scale(chart.y, ys, 1, 0)));
  const Scale x(chart.x, xs, area.left, area.right), y(chart.y, ys, area.bottom, area.top);
  std::vector<Key> keys;
  keys.reserve(chart.groups.size());
  for (const DotGroup& group : chart.groups) keys.push_back({group.name, group.tint, "dot"});
  Sheet sheet;
  if (!chart.pictures.empty() && chart.pictures.size() == chart.dots.size()) sheet = sheet_of(chart.pictures);
  std::string data;
  if (!sheet.source.empty()) {
    data = " data-sheet=\"" + id_of(chart.title + sheet.source) + "\" data-side=\"" +
           std::to_string(chart.pictures.front().width) + "\" data-columns=\"" +
           std::to_string(sheet.columns) + "\"";
  }
  std::string out =
      open_figure(chart.title, keys, chart.size) + y_axis(area, chart.y, y) + x_axis(area, chart.x, x);
  // In their own order, not group by group: else the last class would lie on top of all others.
  std::string dots = "<g" + data + " class=\"dots\">\n";
  for (std::size_t i = 0; i < chart.dots.size(); ++i) {
    const Dot& dot = chart.dots[i];
    if (!x.shows(dot.x) || !y.shows(dot.y)) continue;
    const bool known = dot.group >= 0 && static_cast<std::size_t>(dot.group) < chart.groups.size();
    const Tint tint = known ? chart.groups[static_cast<std::size_t>(dot.group)].tint : Tint::muted;
    dots += "<circle class=\"" + tint_class(tint) + "\" cx=\"" + px(x.px(dot.x)) + "\" cy=\"" +
            px(y.px(dot.y)) + "\" r=\"" + px(chart.radius) + "\"";
    if (!sheet.source.empty()) dots += " data-picture=\"" + std::to_string(i) + "\"";
    dots += dot.title.empty() ? "/>\n" : ">" + element("title", dot.title) + "</circle>\n";
  }
  std::string names;
  for (const PlaceName& label : chart.labels) {
    if (!x.shows(label.x) || !y.shows(label.y)) continue;
    names += text_at(x.px(label.x), y.px(label.y) + 4, "middle", label.text, " class=\"place\"");
  }
  out += clip(area, dots + "</g>\n" + names) + "</svg>";
  if (!sheet.source.empty()) {
    out += "<img hidden=\"hidden\" alt=\"\" id=\"" + id_of(chart.title + sheet.source) + "\" src=\"" +
           sheet.source + "\"/>";
  }
  return {out + "</figure>\n"};
}

}  // namespace pyro::html
