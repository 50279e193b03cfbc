#include "draw.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>

namespace pyro::overlay {
namespace {

void select_font(cairo_t* cr, double size, bool bold) {
  cairo_select_font_face(cr, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                         bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(cr, size);
}

// Closed or open outlines as indices of the canonical mesh (MediaPipe face mesh topology).
constexpr int kFaceOval[] = {10,  338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397,
                             365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136, 172, 58,
                             132, 93,  234, 127, 162, 21,  54,  103, 67,  109, 10};
constexpr int kOuterLips[] = {61,  146, 91,  181, 84, 17, 314, 405, 321, 375, 291,
                              409, 270, 269, 267, 0,  37, 39,  40,  185, 61};
constexpr int kInnerLips[] = {78,  95,  88,  178, 87, 14, 317, 402, 318, 324, 308,
                              415, 310, 311, 312, 13, 82, 81,  80,  191, 78};
constexpr int kRightEye[] = {33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246, 33};
constexpr int kLeftEye[] = {263, 249, 390, 373, 374, 380, 381, 382, 362,
                            398, 384, 385, 386, 387, 388, 466, 263};
constexpr int kRightBrow[] = {46, 53, 52, 65, 55, 107, 66, 105, 63, 70, 46};
constexpr int kLeftBrow[] = {276, 283, 282, 295, 285, 336, 296, 334, 293, 300, 276};
constexpr int kNose[] = {168, 6, 197, 195, 5, 4, 1, 2};
constexpr int kNoseBase[] = {98, 97, 2, 326, 327};
constexpr int kRightIris[] = {469, 470, 471, 472, 469};
constexpr int kLeftIris[] = {474, 475, 476, 477, 474};

template <std::size_t N>
void outline(cairo_t* cr, const records::FaceMesh& face, const int (&indices)[N]) {
  if (indices[0] >= face.point_count) return;
  for (std::size_t i = 0; i < N; ++i) {
    const records::Point3& point = face.points[static_cast<std::size_t>(indices[i])];
    if (i == 0) {
      cairo_move_to(cr, point.x, point.y);
    } else {
      cairo_line_to(cr, point.x, point.y);
    }
  }
  cairo_stroke(cr);
}

}  // namespace

void set_colour(cairo_t* cr, Colour colour, double alpha) {
  cairo_set_source_rgba(cr, colour.red, colour.green, colour.blue, alpha);
}

void fill_rect(cairo_t* cr, const Rect& rect, double radius, Colour colour, double alpha) {
  constexpr double kQuarter = std::numbers::pi / 2;
  const double right = rect.x + rect.width, bottom = rect.y + rect.height;
  radius = std::min({radius, rect.width / 2, rect.height / 2});
  cairo_new_sub_path(cr);
  cairo_arc(cr, right - radius, rect.y + radius, radius, -kQuarter, 0);
  cairo_arc(cr, right - radius, bottom - radius, radius, 0, kQuarter);
  cairo_arc(cr, rect.x + radius, bottom - radius, radius, kQuarter, 2 * kQuarter);
  cairo_arc(cr, rect.x + radius, rect.y + radius, radius, 2 * kQuarter, 3 * kQuarter);
  cairo_close_path(cr);
  set_colour(cr, colour, alpha);
  cairo_fill(cr);
}

double text_width(cairo_t* cr, std::string_view what, double size, bool bold) {
  select_font(cr, size, bold);
  cairo_text_extents_t extents;
  cairo_text_extents(cr, std::string(what).c_str(), &extents);
  return extents.x_advance;
}

void text(cairo_t* cr, double x, double y, std::string_view what, double size, Colour colour, Align align,
          bool bold) {
  const double width = align == Align::left ? 0 : text_width(cr, what, size, bold);
  select_font(cr, size, bold);
  set_colour(cr, colour);
  cairo_move_to(cr, x - (align == Align::right ? width : align == Align::centre ? width / 2 : 0), y);
  cairo_show_text(cr, std::string(what).c_str());
}

std::string number(double value, int decimals, std::string_view unit) {
  if (!std::isfinite(value)) return "–";
  char buffer[48];
  std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
  return std::string(buffer).append(unit);
}

void draw_mesh(cairo_t* cr, const records::FaceMesh& face, Colour colour, double scale) {
  // Points carry the form, outlines the features: legible on dark and light skin without hiding the face.
  set_colour(cr, rgb(0xffffff), 0.5);
  const double dot = 0.9 / scale;
  for (int i = 0; i < std::min(face.point_count, records::kMeshPointsFast); ++i) {
    const records::Point3& point = face.points[static_cast<std::size_t>(i)];
    cairo_rectangle(cr, point.x - dot, point.y - dot, 2 * dot, 2 * dot);
  }
  cairo_fill(cr);
  set_colour(cr, colour, 0.9);
  cairo_set_line_width(cr, 1.4 / scale);
  outline(cr, face, kFaceOval);
  outline(cr, face, kOuterLips);
  outline(cr, face, kInnerLips);
  outline(cr, face, kRightEye);
  outline(cr, face, kLeftEye);
  outline(cr, face, kRightBrow);
  outline(cr, face, kLeftBrow);
  outline(cr, face, kNose);
  outline(cr, face, kNoseBase);
  outline(cr, face, kRightIris);
  outline(cr, face, kLeftIris);
  if (face.point_count == 0) {
    for (int i = 0; i < face.box.point_count; ++i) {
      const records::Point2& point = face.box.points[static_cast<std::size_t>(i)];
      cairo_arc(cr, point.x, point.y, 2.5 / scale, 0, 2 * std::numbers::pi);
      cairo_fill(cr);
    }
  }
}

}  // namespace pyro::overlay
