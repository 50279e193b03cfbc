// Cairo with our palette and type scale: what all parts of the overlay share.
#pragma once

#include <cairo.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "pyro/records/face.hpp"

namespace pyro::overlay {

struct Colour {
  double red, green, blue;
};
constexpr Colour rgb(std::uint32_t hex) {
  return {((hex >> 16) & 255) / 255.0, ((hex >> 8) & 255) / 255.0, (hex & 255) / 255.0};
}

inline constexpr Colour kBackground = rgb(0x11161d);
inline constexpr Colour kCard = rgb(0x1a222c);
inline constexpr Colour kTrack = rgb(0x2b3644);
inline constexpr Colour kText = rgb(0xe9eef4);
inline constexpr Colour kMuted = rgb(0x9fb0c1);
inline constexpr Colour kAccent = rgb(0x5ec8d8);
inline constexpr Colour kWarning = rgb(0xf2b84b);
inline constexpr Colour kRecording = rgb(0xf0616d);

// One colour a class, in the order of the classes; distinct in lightness too, so that they survive colour
// blindness.
inline constexpr std::array<Colour, 7> kEmotionColours{
    rgb(0xe4605e), rgb(0x6fb05a), rgb(0xb288c0), rgb(0xf2cf5b), rgb(0x5b8ec4), rgb(0xf29a4a), rgb(0x9aa7b5)};
inline constexpr std::array<Colour, 4> kPersonColours{rgb(0x5ec8d8), rgb(0xf2b84b), rgb(0xc792ea),
                                                      rgb(0x8fd17a)};
[[nodiscard]] inline Colour person_colour(int face_id) {
  return kPersonColours[static_cast<std::size_t>(face_id < 0 ? 0 : face_id) % kPersonColours.size()];
}

struct Rect {
  double x, y, width, height;
};

void set_colour(cairo_t* cr, Colour colour, double alpha = 1);
void fill_rect(cairo_t* cr, const Rect& rect, double radius, Colour colour, double alpha = 1);
enum class Align { left, centre, right };
// Baseline at (x, y).
void text(cairo_t* cr, double x, double y, std::string_view what, double size, Colour colour,
          Align align = Align::left, bool bold = false);
[[nodiscard]] double text_width(cairo_t* cr, std::string_view what, double size, bool bold = false);

// "0.42", or "–" for a value that is not known.
[[nodiscard]] std::string number(double value, int decimals, std::string_view unit = "");

// Box, id, label and mesh of one face, in the coordinates of the frame; `scale` is picture px per frame px,
// for line widths.
void draw_mesh(cairo_t* cr, const records::FaceMesh& face, Colour colour, double scale);

}  // namespace pyro::overlay
