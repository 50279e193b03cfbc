// The part of a chart that every kind has: figure, legend, frame, grid, ticks and labels.
#pragma once

#include <string>
#include <vector>

#include "markup.hpp"
#include "scale.hpp"

namespace pyro::html {

// Pixels with at most two decimals: a thousandth of a pixel is seen by nobody.
[[nodiscard]] std::string px(double value);

struct Area {
  double left, top, right, bottom;
};
// Where values are drawn within a chart of that size.
[[nodiscard]] Area area_of(const Size& size, const Axis& x, const Axis& y, int longest_tick);

struct Key {
  std::string name;
  Tint tint;
  std::string style;  // "", "dash", "dot"
};
[[nodiscard]] std::string legend(const std::vector<Key>& keys);
[[nodiscard]] std::string open_figure(const std::string& title, const std::vector<Key>& keys,
                                      const Size& size);
[[nodiscard]] std::string close_figure();
[[nodiscard]] std::string text_at(double x, double y, std::string_view anchor, std::string_view text,
                                  std::string_view more = {});
// Grid, ticks, label.
[[nodiscard]] std::string y_axis(const Area& area, const Axis& axis, const Scale& scale);
[[nodiscard]] std::string x_axis(const Area& area, const Axis& axis, const Scale& scale);
[[nodiscard]] std::string x_label(const Area& area, const Axis& axis);
// An id for what must not be drawn outside the area.
[[nodiscard]] std::string clip(const Area& area, const std::string& inside);
[[nodiscard]] int longest_tick(const Scale& scale);

}  // namespace pyro::html
