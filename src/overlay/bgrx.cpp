#include <algorithm>

#include "pyro/overlay/overlay.hpp"

namespace pyro::overlay {
namespace {

// Fixed point, 16 fractional bits.
struct Coefficients {
  int luma_offset, luma, v_red, u_green, v_green, u_blue;
};

Coefficients coefficients(const records::Frame& frame) {
  double kr = 0.299, kb = 0.114;
  if (frame.matrix == records::ColourMatrix::bt709) kr = 0.2126, kb = 0.0722;
  if (frame.matrix == records::ColourMatrix::bt2020) kr = 0.2627, kb = 0.0593;
  const double kg = 1 - kr - kb;
  const double luma = frame.full_range ? 1.0 : 255.0 / 219.0;
  const double chroma = frame.full_range ? 1.0 : 255.0 / 224.0;
  const auto fixed = [](double value) { return static_cast<int>(value * 65536 + (value < 0 ? -0.5 : 0.5)); };
  return {frame.full_range ? 0 : 16,
          fixed(luma),
          fixed(2 * (1 - kr) * chroma),
          fixed(-2 * kb * (1 - kb) / kg * chroma),
          fixed(-2 * kr * (1 - kr) / kg * chroma),
          fixed(2 * (1 - kb) * chroma)};
}

std::uint8_t clamp_byte(int fixed) {
  return static_cast<std::uint8_t>(std::clamp((fixed + 32768) >> 16, 0, 255));
}

}  // namespace

void to_bgrx(const records::Frame& frame, std::vector<std::uint8_t>& out) {
  out.resize(static_cast<std::size_t>(frame.width) * static_cast<std::size_t>(frame.height) * 4);
  const Coefficients c = coefficients(frame);
  const bool colour = frame.u.data != nullptr && frame.v.data != nullptr;
  std::uint8_t* pixel = out.data();
  for (int y = 0; y < frame.height; ++y) {
    const std::uint8_t* luma_row = frame.y.row(y);
    const std::uint8_t* u_row = colour ? frame.u.row(y >> frame.chroma_shift_y) : nullptr;
    const std::uint8_t* v_row = colour ? frame.v.row(y >> frame.chroma_shift_y) : nullptr;
    for (int x = 0; x < frame.width; ++x, pixel += 4) {
      const int luma = (luma_row[x] - c.luma_offset) * c.luma;
      const int u = colour ? u_row[x >> frame.chroma_shift_x] - 128 : 0;
      const int v = colour ? v_row[x >> frame.chroma_shift_x] - 128 : 0;
      pixel[0] = clamp_byte(luma + c.u_blue * u);
      pixel[1] = clamp_byte(luma + c.u_green * u + c.v_green * v);
      pixel[2] = clamp_byte(luma + c.v_red * v);
      pixel[3] = 255;
    }
  }
}

}  // namespace pyro::overlay
