// Sets the page's elements into boxes.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "box.hpp"
#include "markup.hpp"
#include "pyro/base/result.hpp"
#include "text.hpp"
#include "theme.hpp"

namespace pyro::pdf {

inline constexpr double kPointsPerPixel = 0.75;  // CSS: 96 pixels are an inch
inline constexpr double kBody = 9.5, kSmall = 7.5;

class Setter {
 public:
  // `tallest`: no box may be higher; what would be is broken into several or drawn smaller.
  Setter(const Theme& theme, const xmlNode* body, double tallest);

  // What stands inside the element, below each other.
  [[nodiscard]] Result<Boxes> inside(const xmlNode* element, double width);
  [[nodiscard]] Boxes title(const xmlNode* header, double width);
  // Anchors of elements that left nothing on paper: a link to one needs a place all the same.
  [[nodiscard]] std::vector<int> lost_anchors() const;

 private:
  Result<Boxes> element(const xmlNode* element, double width);
  Result<Boxes> section(const xmlNode* section, double width);
  Boxes heading(const xmlNode* heading, double width);
  Boxes paragraph(const std::string& text, double width);
  Boxes warning(const xmlNode* box, double width);
  Boxes verbatim(const xmlNode* pre, double width);
  Result<Boxes> folded(const xmlNode* details, double width);
  Result<Boxes> beside(const xmlNode* flex, double width);
  Boxes tiles(const xmlNode* tiles, double width);
  // table.cpp
  Boxes table(const xmlNode* table, double width);
  Boxes matrix(const xmlNode* table, double width);
  Boxes caption_of(const xmlNode* table, double width);
  // figures.cpp
  Result<Boxes> chart(const xmlNode* figure, double width);
  Boxes picture(const xmlNode* figure, double width);
  Boxes picture_grid(const xmlNode* list, double width, double side);
  Boxes picture_groups(const xmlNode* groups, double width);

  // The width that an element would like to have beside others; 0: no wish.
  [[nodiscard]] double wish(const xmlNode* element, double width) const;
  // A box for each line; the first is not left alone below, nor the last above.
  [[nodiscard]] Boxes lines(const Text& text, double space, const std::string& tag, double indent = 0);
  [[nodiscard]] Style style(double size, const char* colour = "ink", bool bold = false) const;
  // 0: none, or it stands elsewhere already.
  [[nodiscard]] int anchor_of(const xmlNode* element);
  [[nodiscard]] int new_group() { return ++groups_; }

  const Theme& theme_;
  double tallest_;
  std::map<std::string, int> anchors_;  // by the element's id
  std::set<int> placed_;
  int groups_ = 0;
};

// A line across, as thick as given.
void rule(cairo_t* cairo, const Colour& colour, double x, double y, double width, double thickness);
void fill(cairo_t* cairo, const Colour& colour, double x, double y, double width, double height);

}  // namespace pyro::pdf
