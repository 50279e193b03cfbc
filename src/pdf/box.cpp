#include "box.hpp"

namespace pyro::pdf {

double height_of(const Boxes& boxes) {
  double height = 0;
  for (const Box& box : boxes) height += box.height + (&box == &boxes.front() ? 0 : box.space);
  return height;
}

void set_anchor(cairo_t* cairo, int anchor, double x, double y) {
  const std::string what =
      "name='place" + std::to_string(anchor) + "' x=" + std::to_string(x) + " y=" + std::to_string(y);
  cairo_tag_begin(cairo, CAIRO_TAG_DEST, what.c_str());
  cairo_tag_end(cairo, CAIRO_TAG_DEST);
}

void begin_link(cairo_t* cairo, int anchor) {
  cairo_tag_begin(cairo, CAIRO_TAG_LINK, ("dest='place" + std::to_string(anchor) + "'").c_str());
}

void end_link(cairo_t* cairo) {
  cairo_tag_end(cairo, CAIRO_TAG_LINK);
}

void TaggedDrawing::draw(const Box& box, double x, double y) {
  if (box.group != group_ || box.tag != tag_) {
    close();
    tag_ = box.tag;
    group_ = box.group;
    if (!tag_.empty()) cairo_tag_begin(cairo_, tag_.c_str(), nullptr);
  }
  if (box.anchor > 0) set_anchor(cairo_, box.anchor, x, y);
  if (box.draw) box.draw(cairo_, x, y);
}

void TaggedDrawing::close() {
  if (!tag_.empty()) cairo_tag_end(cairo_, tag_.c_str());
  tag_.clear();
}

void draw(cairo_t* cairo, const Boxes& boxes, double x, double y) {
  TaggedDrawing drawing(cairo);
  for (const Box& box : boxes) {
    if (&box != &boxes.front()) y += box.space;
    drawing.draw(box, x, y);
    y += box.height;
  }
}

}  // namespace pyro::pdf
