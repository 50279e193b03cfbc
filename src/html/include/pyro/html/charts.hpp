// Charts as SVG. Values that are not finite (and, on a log axis, not above 0) are not drawn; a line breaks
// there.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pyro/html/page.hpp"
#include "pyro/html/pictures.hpp"

namespace pyro::html {

struct Axis {
  std::string label = {};  // with the unit: "accuracy, %"
  bool log = false;
  // Ends where given; else those of the values, widened to whole ticks (bars always start from 0).
  std::optional<double> from = std::nullopt, to = std::nullopt;
};

struct Size {
  int width = 640, height = 320;  // px
};

struct Series {
  std::string name;
  std::vector<double> x, y;                 // of one length
  std::vector<double> low = {}, high = {};  // a band around y of the same length; or empty
  Tint tint = Tint::accent;
  bool dashed = false;
  bool dots = false;  // a dot at each point
};
// A vertical line: "best", "learning rate halved".
struct Mark {
  double x = 0;
  std::string label;
};
struct LineChart {
  std::string title;
  Axis x, y;
  std::vector<Series> series;
  std::vector<Mark> marks = {};
  bool diagonal = false;  // y = x, as a reliability diagram needs it
  Size size = {};
};
[[nodiscard]] Html chart(const LineChart& chart);

struct BarSeries {
  std::string name;
  std::vector<double> values;               // one a category
  std::vector<double> low = {}, high = {};  // ends of the error bars, one a category; or empty
  Tint tint = Tint::accent;
};
struct BarChart {
  std::string title;
  Axis y;
  std::vector<std::string> categories;
  std::vector<BarSeries> series;          // more than one: beside each other in each category
  std::vector<Tint> category_tints = {};  // with a single series: one a category; or empty
  Size size = {};
};
[[nodiscard]] Html chart(const BarChart& chart);

// Parts of a sum on top of each other: what is above 0 upwards, what is below downwards, and a stroke across
// at the sum. A category in which no series has a value is a grey field. Labels of categories that would
// touch the one before are left out.
struct StackedChart {
  std::string title;
  std::string x_label;
  Axis y;
  std::vector<std::string> categories;
  std::vector<BarSeries> series;  // low and high are not drawn
  Size size = {};
};
[[nodiscard]] Html chart(const StackedChart& chart);

struct Dot {
  double x = 0, y = 0;
  int group = 0;           // index into groups
  std::string title = {};  // shown when pointed at; may be empty
};
struct DotGroup {
  std::string name;
  Tint tint = Tint::accent;
};
// A word on the dots, its middle at x, y.
struct PlaceName {
  double x = 0, y = 0;
  std::string text;
};
// For thousands of dots. Where `pictures` has one for each dot (all of one size), pointing at a dot shows it;
// they go into the page as one PNG.
struct Scatter {
  std::string title;
  Axis x, y;
  std::vector<DotGroup> groups;
  std::vector<Dot> dots;
  std::vector<Raster> pictures = {};
  double radius = 2.5;  // px
  Size size = {640, 520};
  std::vector<PlaceName> labels = {};
};
[[nodiscard]] Html chart(const Scatter& chart);

}  // namespace pyro::html
