#include "pyro/crop/whole_picture.hpp"

#include <algorithm>
#include <cmath>

namespace pyro::crop {
namespace {

// The mean of a one-dimensional run [from, to) of values, with fractional ends.
template <typename Value>
double run_mean(double from, double to, Value value) {
  double sum = 0;
  for (int i = static_cast<int>(from); i < to; ++i)
    sum += value(i) * (std::min(to, i + 1.0) - std::max(from, static_cast<double>(i)));
  return sum / (to - from);
}

}  // namespace

GreyFace whole(const records::Frame& frame) {
  GreyFace face;
  if (frame.y.data == nullptr || frame.width < 1 || frame.height < 1) return face;
  const double step_x = static_cast<double>(frame.width) / kExpressionSide,
               step_y = static_cast<double>(frame.height) / kExpressionSide;
  const double offset = frame.full_range ? 0 : 16, gain = frame.full_range ? 1 : 255.0 / 219;
  for (int row = 0; row < kExpressionSide; ++row) {
    for (int column = 0; column < kExpressionSide; ++column) {
      const double right = std::min<double>((column + 1) * step_x, frame.width),
                   bottom = std::min<double>((row + 1) * step_y, frame.height);
      const double mean = run_mean(row * step_y, bottom, [&](int y) {
        const std::uint8_t* luma = frame.y.row(y);
        return run_mean(column * step_x, right, [luma](int x) { return static_cast<double>(luma[x]); });
      });
      face.pixels[static_cast<std::size_t>(row * kExpressionSide + column)] =
          static_cast<std::uint8_t>(std::clamp(std::lround((mean - offset) * gain), 0L, 255L));
    }
  }
  return face;
}

records::Frame frame_of(const GreyFace& face) {
  records::Frame frame;
  frame.width = frame.height = kExpressionSide;
  frame.y = {face.pixels.data(), kExpressionSide};
  frame.full_range = true;
  return frame;
}

}  // namespace pyro::crop
