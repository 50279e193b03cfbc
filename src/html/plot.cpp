#include "plot.hpp"

#include <algorithm>

namespace pyro::html {

std::string px(double value) {
  std::string text = fixed(std::clamp(value, -1e6, 1e6), 2);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

int longest_tick(const Scale& scale) {
  std::size_t longest = 1;
  for (const double tick : scale.ticks()) longest = std::max(longest, scale.tick_text(tick).size());
  return static_cast<int>(longest);
}

Area area_of(const Size& size, const Axis& x, const Axis& y, int longest_tick) {
  const double tick_width = 7.0 * longest_tick + 10;  // digits of the 12 px font are at most 7 px wide
  return {tick_width + (y.label.empty() ? 4 : 22), 12, size.width - 14.0,
          size.height - (x.label.empty() ? 26.0 : 44.0)};
}

std::string legend(const std::vector<Key>& keys) {
  std::string out = "<ul class=\"legend\">";
  for (const Key& key : keys) {
    out += "<li class=\"" + tint_class(key.tint) + "\"><i" + attribute("class", key.style) + "></i>" +
           escape(key.name) + "</li>";
  }
  return out + "</ul>\n";
}

std::string open_figure(const std::string& title, const std::vector<Key>& keys, const Size& size) {
  std::string out = "<figure class=\"chart\">";
  if (!title.empty()) out += element("figcaption", title);
  if (!keys.empty()) out += legend(keys);
  const std::string width = std::to_string(size.width), height = std::to_string(size.height);
  return out + "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + width + " " + height +
         "\" width=\"" + width + "\" height=\"" + height + "\" role=\"img\"" +
         attribute("aria-label", title) + ">\n";
}

std::string close_figure() {
  return "</svg></figure>\n";
}

std::string text_at(double x, double y, std::string_view anchor, std::string_view text,
                    std::string_view more) {
  return "<text x=\"" + px(x) + "\" y=\"" + px(y) + "\" text-anchor=\"" + std::string(anchor) + "\"" +
         std::string(more) + ">" + escape(text) + "</text>";
}

std::string y_axis(const Area& area, const Axis& axis, const Scale& scale) {
  std::string out;
  for (const double tick : scale.ticks()) {
    const double y = scale.px(tick);
    out += "<path class=\"grid\" d=\"M" + px(area.left) + " " + px(y) + "H" + px(area.right) + "\"/>" +
           text_at(area.left - 7, y + 4, "end", scale.tick_text(tick)) + "\n";
  }
  if (!axis.label.empty()) {
    const std::string middle = px((area.top + area.bottom) / 2);
    out += text_at(14, (area.top + area.bottom) / 2, "middle", axis.label,
                   " transform=\"rotate(-90 14 " + middle + ")\"") +
           "\n";
  }
  return out;
}

std::string x_label(const Area& area, const Axis& axis) {
  if (axis.label.empty()) return {};
  return text_at((area.left + area.right) / 2, area.bottom + 36, "middle", axis.label) + "\n";
}

std::string x_axis(const Area& area, const Axis& axis, const Scale& scale) {
  std::string out;
  for (const double tick : scale.ticks()) {
    const double x = scale.px(tick);
    out += "<path class=\"grid\" d=\"M" + px(x) + " " + px(area.top) + "V" + px(area.bottom) + "\"/>" +
           text_at(x, area.bottom + 18, "middle", scale.tick_text(tick)) + "\n";
  }
  return out + x_label(area, axis);
}

std::string clip(const Area& area, const std::string& inside) {
  // A nested svg cuts off at its borders and needs no id, which would have to be unique on the page.
  const std::string box = px(area.left) + " " + px(area.top) + " " + px(area.right - area.left) + " " +
                          px(area.bottom - area.top);
  return "<svg x=\"" + px(area.left) + "\" y=\"" + px(area.top) + "\" width=\"" + px(area.right - area.left) +
         "\" height=\"" + px(area.bottom - area.top) + "\" viewBox=\"" + box + "\">\n" + inside + "</svg>\n";
}

}  // namespace pyro::html
