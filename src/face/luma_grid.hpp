// The luma of a turned square of the frame on a coarse grid. Private to the room.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "pyro/records/face.hpp"
#include "pyro/records/frame.hpp"

namespace pyro::face {

template <int side>
struct LumaGrid {
  std::array<float, static_cast<std::size_t>(side) * side> values{};  // 0 black .. 1 white, row-major

  // The nearest pixel at each place; outside the frame the nearest one of it.
  void sample(const records::Frame& frame, const records::FaceRegion& region) {
    values.fill(0);
    if (frame.width <= 0 || frame.height <= 0 || frame.y.data == nullptr) return;
    const float step = region.size / side;
    const float c = std::cos(region.angle_rad) * step, s = std::sin(region.angle_rad) * step;
    const float black = frame.full_range ? 0 : 16, scale = 1 / (frame.full_range ? 255.0F : 219.0F);
    for (int i = 0; i < side; ++i) {
      for (int j = 0; j < side; ++j) {
        const float u = static_cast<float>(j) + 0.5F - side / 2.0F,
                    v = static_cast<float>(i) + 0.5F - side / 2.0F;
        // Limited before the conversion: a region may lie anywhere, and no int holds every float.
        const float x =
            std::clamp(region.centre.x + c * u - s * v, 0.0F, static_cast<float>(frame.width - 1));
        const float y =
            std::clamp(region.centre.y + s * u + c * v, 0.0F, static_cast<float>(frame.height - 1));
        const float luma = static_cast<float>(frame.y.row(static_cast<int>(y))[static_cast<int>(x)]);
        values[static_cast<std::size_t>(i * side + j)] = std::clamp((luma - black) * scale, 0.0F, 1.0F);
      }
    }
  }
};

}  // namespace pyro::face
