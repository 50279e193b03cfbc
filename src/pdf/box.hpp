// What a sheet is filled with, from top to bottom. Lengths are points (1/72 inch).
#pragma once

#include <cairo.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace pyro::pdf {

struct Box {
  double height = 0;
  double space = 0;  // above it; not at the top of a sheet
  std::function<void(cairo_t*, double x, double y)> draw = {};
  bool with_next = false;  // not the last on its sheet
  bool between = false;    // left out at the top of a sheet
  // The structure element that it belongs to ("P", "Table"); boxes of one group that follow each other are
  // one element.
  std::string tag = {};
  int group = 0;
  std::shared_ptr<const Box> head = {};  // drawn once more above it where it begins a sheet
  std::string bookmark = {};             // its name among the bookmarks; empty: none
  int anchor = 0;                        // what links lead to; 0: none
};
using Boxes = std::vector<Box>;

// With the spaces between them.
[[nodiscard]] double height_of(const Boxes& boxes);
// Below each other, x and y being the first one's corner.
void draw(cairo_t* cairo, const Boxes& boxes, double x, double y);
// Where links to this anchor lead, and a link around what is drawn until end_link().
void set_anchor(cairo_t* cairo, int anchor, double x, double y);
void begin_link(cairo_t* cairo, int anchor);
void end_link(cairo_t* cairo);

// Draws boxes one after the other and keeps the structure: opens an element where a group begins.
class TaggedDrawing {
 public:
  explicit TaggedDrawing(cairo_t* cairo) : cairo_(cairo) {}
  ~TaggedDrawing() { close(); }
  TaggedDrawing(const TaggedDrawing&) = delete;
  TaggedDrawing& operator=(const TaggedDrawing&) = delete;
  void draw(const Box& box, double x, double y);

 private:
  void close();
  cairo_t* cairo_;
  std::string tag_;
  int group_ = 0;
};

}  // namespace pyro::pdf
