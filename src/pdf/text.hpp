// Text that has been broken into lines.
#pragma once

#include <cairo.h>

#include <memory>
#include <string>

#include "theme.hpp"

typedef struct _PangoLayout PangoLayout;  // NOLINT(bugprone-reserved-identifier,modernize-use-using): Pango's

namespace pyro::pdf {

inline constexpr char kSans[] = "Liberation Sans,DejaVu Sans,sans-serif";
inline constexpr char kMono[] = "Liberation Mono,DejaVu Sans Mono,monospace";

enum class Align { left, right, centre };
struct Style {
  double size = 9.5;
  bool bold = false, mono = false;
  Colour colour = {};
  Align align = Align::left;
  double pitch = 1.38;  // from line to line, in sizes
  int most_lines = 0;   // what does not fit ends in an ellipsis; 0: as many as it takes
};

class Text {
 public:
  // A word that is wider than a line is broken; there is at least one line.
  Text(const std::string& utf8, const Style& style, double width);

  [[nodiscard]] int lines() const { return lines_; }
  [[nodiscard]] double pitch() const { return pitch_; }
  [[nodiscard]] double height() const { return pitch_ * lines_; }
  [[nodiscard]] double width() const { return ink_width_; }  // of the longest line
  // `count` lines from the `first` on, in the rectangle whose corner is x, y.
  void draw(cairo_t* cairo, double x, double y, int first = 0, int count = 1 << 30) const;

  // Widths that the text would take in one line, and at least, broken only between words.
  [[nodiscard]] static double natural_width(const std::string& utf8, const Style& style);
  [[nodiscard]] static double least_width(const std::string& utf8, const Style& style);

 private:
  std::shared_ptr<PangoLayout> layout_;
  Colour colour_;
  int lines_ = 1;
  double pitch_ = 0, ink_width_ = 0;
};

}  // namespace pyro::pdf
