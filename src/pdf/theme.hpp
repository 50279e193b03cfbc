// The page's colours on paper, read from its own style sheet: one place says what red is.
#pragma once

#include <cairo.h>

#include <map>
#include <string>
#include <string_view>

namespace pyro::pdf {

struct Colour {
  double red = 0, green = 0, blue = 0, alpha = 1;

  void use(cairo_t* cairo) const { cairo_set_source_rgba(cairo, red, green, blue, alpha); }
  [[nodiscard]] Colour faint(double share) const { return {red, green, blue, alpha * share}; }
};

class Theme {
 public:
  // The style sheet's light colours, with those that it sets for print.
  explicit Theme(std::string_view style_sheet);

  // Of a variable, "ink"; black where there is none.
  [[nodiscard]] Colour colour(std::string_view name) const;
  // Of a tint's class among `classes` ("tile t-sad"); that of "accent" where there is none.
  [[nodiscard]] Colour tint(std::string_view classes) const;
  // What a renderer of SVG without variables needs to draw the charts: their rules with the values put in.
  [[nodiscard]] const std::string& chart_style() const { return chart_style_; }

 private:
  void take_rule(std::string_view selector, std::string_view body, bool print);
  [[nodiscard]] std::string resolved(std::string_view body) const;
  std::map<std::string, std::string, std::less<>> variables_;
  std::string chart_style_;
};

}  // namespace pyro::pdf
