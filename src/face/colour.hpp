// 8-bit YUV to RGB, for single values. Private to the room. Coefficients follow from Kr and Kb of ITU-R
// BT.601, BT.709 and BT.2020.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "pyro/records/frame.hpp"

namespace pyro::face {

class YuvToRgb {
 public:
  explicit YuvToRgb(const records::Frame& frame) {
    float kr = 0.299F, kb = 0.114F;
    if (frame.matrix == records::ColourMatrix::bt709) kr = 0.2126F, kb = 0.0722F;
    if (frame.matrix == records::ColourMatrix::bt2020) kr = 0.2627F, kb = 0.0593F;
    const float kg = 1 - kr - kb;
    const float chroma = frame.full_range ? 1.0F : 255.0F / 224.0F;
    light_ = frame.full_range ? 1.0F : 255.0F / 219.0F;
    black_ = frame.full_range ? 0.0F : 16.0F;
    red_v_ = 2 * (1 - kr) * chroma;
    blue_u_ = 2 * (1 - kb) * chroma;
    green_u_ = -blue_u_ * kb / kg;
    green_v_ = -red_v_ * kr / kg;
  }

  // 0..255 each.
  [[nodiscard]] std::array<float, 3> operator()(float y, float u, float v) const {
    const float l = (y - black_) * light_;
    const auto limited = [](float value) { return std::clamp(value, 0.0F, 255.0F); };
    return {limited(l + red_v_ * (v - 128)), limited(l + green_u_ * (u - 128) + green_v_ * (v - 128)),
            limited(l + blue_u_ * (u - 128))};
  }
  [[nodiscard]] float black() const { return black_; }
  [[nodiscard]] float light() const { return light_; }
  [[nodiscard]] float red_v() const { return red_v_; }
  [[nodiscard]] float green_u() const { return green_u_; }
  [[nodiscard]] float green_v() const { return green_v_; }
  [[nodiscard]] float blue_u() const { return blue_u_; }

 private:
  float light_, black_, red_v_, green_u_, green_v_, blue_u_;
};

// Where a luma position lies in the chroma planes.
struct ChromaLayout {
  explicit ChromaLayout(const records::Frame& frame)
      : present(frame.u.data != nullptr && frame.v.data != nullptr),
        width((frame.width + (1 << frame.chroma_shift_x) - 1) >> frame.chroma_shift_x),
        height((frame.height + (1 << frame.chroma_shift_y) - 1) >> frame.chroma_shift_y),
        shift_x(frame.chroma_shift_x),
        shift_y(frame.chroma_shift_y),
        // Video (limited range) has its chroma on the left luma column of each pair, JPEG in the middle; both
        // have it between the two rows.
        back_x(frame.full_range ? 16 * ((1 << shift_x) - 1) : 0),
        back_y(16 * ((1 << shift_y) - 1)) {}

  // Positions in 1/32 of a pixel of the respective plane.
  [[nodiscard]] std::int32_t x(std::int32_t luma) const { return (luma - back_x) >> shift_x; }
  [[nodiscard]] std::int32_t y(std::int32_t luma) const { return (luma - back_y) >> shift_y; }

  bool present;
  int width, height;
  int shift_x, shift_y;
  int back_x, back_y;
};

}  // namespace pyro::face
