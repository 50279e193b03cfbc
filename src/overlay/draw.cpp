#include "draw.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>

#include "pyro/records/mesh_outlines.hpp"

namespace pyro::overlay {
namespace {

void select_font(cairo_t* cr, double size, bool bold) {
  cairo_select_font_face(cr, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                         bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(cr, size);
}

void outline(cairo_t* cr, const records::FaceMesh& face, std::span<const records::outlines::Index> indices) {
  if (indices[0] >= face.point_count) return;
  for (std::size_t i = 0; i < indices.size(); ++i) {
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
  for (const auto indices : records::kMeshOutlines) outline(cr, face, indices);
  if (face.point_count == 0) {
    for (int i = 0; i < face.box.point_count; ++i) {
      const records::Point2& point = face.box.points[static_cast<std::size_t>(i)];
      cairo_arc(cr, point.x, point.y, 2.5 / scale, 0, 2 * std::numbers::pi);
      cairo_fill(cr);
    }
  }
}

}  // namespace pyro::overlay
