#include "crop.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "colour.hpp"

namespace pyro::face {
namespace {

using records::Frame;
using records::Plane;

constexpr int kMaxSide = 256;
constexpr int kGrid = 32;  // positions per pixel
// Beyond this a coordinate is outside any frame; keeps the integer arithmetic in range whatever the region
// says.
constexpr double kFarthest = 1 << 20;

// Positions of one row of the crop in the frame, in 1/32 pixel.
struct RowPositions {
  std::array<std::int32_t, kMaxSide> x, y;
};

// Rounds to the nearest integer, ties to even, without a library call, so that the loop becomes vector code.
inline std::int32_t nearest(double value) {
  return static_cast<std::int32_t>(std::lrint(value));
}

class Grid {
 public:
  Grid(const records::FaceRegion& region, int side) : side_(side) {
    const double step = static_cast<double>(region.size) / side * kGrid;
    cos_ = std::cos(static_cast<double>(region.angle_rad)) * step;
    sin_ = std::sin(static_cast<double>(region.angle_rad)) * step;
    x_ = region.centre.x * double{kGrid} - (cos_ - sin_) * side / 2;
    y_ = region.centre.y * double{kGrid} - (sin_ + cos_) * side / 2;
    const auto sane = [](double value) {
      return std::isfinite(value) && std::abs(value) < kFarthest * kGrid;
    };
    usable_ = sane(x_) && sane(y_) && sane(cos_ * side) && sane(sin_ * side);
  }
  [[nodiscard]] bool usable() const { return usable_; }

  void row(int i, RowPositions& out) const {
    const double x = x_ - sin_ * i, y = y_ + cos_ * i;
    for (int j = 0; j < side_; ++j) {
      out.x[static_cast<std::size_t>(j)] = nearest(x + cos_ * j);
      out.y[static_cast<std::size_t>(j)] = nearest(y + sin_ * j);
    }
  }

 private:
  int side_;
  double cos_ = 0, sin_ = 0, x_ = 0, y_ = 0;
  bool usable_ = false;
};

// One plane (or one colour of a packed picture) sampled between its pixels.
struct PlaneSampler {
  Plane plane;
  int width, height;
  int step = 1;     // bytes from one pixel to the next
  int outside = 0;  // what Border::black finds outside

  // Σ weight × pixel, weights sum to 1024.
  template <Border border>
  [[nodiscard]] std::int32_t at(std::int32_t x32, std::int32_t y32) const {
    const std::int32_t x = x32 >> 5, y = y32 >> 5, fx = x32 & 31, fy = y32 & 31;
    const auto pixel = [&](std::int32_t px, std::int32_t py) -> std::int32_t {
      if constexpr (border == Border::black) {
        if (px < 0 || py < 0 || px >= width || py >= height) return outside;
      }
      return plane.row(std::clamp(py, 0, height - 1))[std::clamp(px, 0, width - 1) * step];
    };
    return (32 - fy) * ((32 - fx) * pixel(x, y) + fx * pixel(x + 1, y)) +
           fy * ((32 - fx) * pixel(x, y + 1) + fx * pixel(x + 1, y + 1));
  }
};

// Packed RGB: the sum is rounded to 8 bits, as the reference does.
template <Border border>
void crop_packed(const Frame& frame, const Grid& grid, const CropSpec& spec, float* out) {
  const std::size_t plane_size = static_cast<std::size_t>(spec.side) * static_cast<std::size_t>(spec.side);
  RowPositions positions;
  for (int i = 0; i < spec.side; ++i) {
    grid.row(i, positions);
    for (int colour = 0; colour < 3; ++colour) {
      const PlaneSampler sampler{
          {frame.rgb.data + colour, frame.rgb.stride_bytes}, frame.width, frame.height, 3};
      float* row =
          out + static_cast<std::size_t>(colour) * plane_size + static_cast<std::size_t>(i * spec.side);
      for (int j = 0; j < spec.side; ++j) {
        const auto k = static_cast<std::size_t>(j);
        const std::int32_t value = (sampler.at<border>(positions.x[k], positions.y[k]) + 512) >> 10;
        row[j] = static_cast<float>(value) * spec.scale + spec.offset;
      }
    }
  }
}

// Planar YUV: each plane is sampled where it lies, and only the crop's own pixels are converted.
template <Border border>
void crop_planar(const Frame& frame, const Grid& grid, const CropSpec& spec, float* out) {
  const std::size_t plane_size = static_cast<std::size_t>(spec.side) * static_cast<std::size_t>(spec.side);
  const YuvToRgb colours(frame);
  const ChromaLayout chroma(frame);
  const PlaneSampler y{frame.y, frame.width, frame.height, 1, static_cast<int>(colours.black())};
  const PlaneSampler u{frame.u, chroma.width, chroma.height, 1, 128};
  const PlaneSampler v{frame.v, chroma.width, chroma.height, 1, 128};
  RowPositions positions;
  for (int i = 0; i < spec.side; ++i) {
    grid.row(i, positions);
    float* red = out + static_cast<std::size_t>(i * spec.side);
    float* green = red + plane_size;
    float* blue = green + plane_size;
    for (int j = 0; j < spec.side; ++j) {
      const auto k = static_cast<std::size_t>(j);
      const std::int32_t px = positions.x[k], py = positions.y[k];
      const float light = static_cast<float>(y.at<border>(px, py)) / 1024;
      float cb = 128, cr = 128;
      if (chroma.present) {
        const std::int32_t cx = chroma.x(px), cy = chroma.y(py);
        cb = static_cast<float>(u.at<border>(cx, cy)) / 1024;
        cr = static_cast<float>(v.at<border>(cx, cy)) / 1024;
      }
      const auto [r, g, b] = colours(light, cb, cr);
      red[j] = r * spec.scale + spec.offset;
      green[j] = g * spec.scale + spec.offset;
      blue[j] = b * spec.scale + spec.offset;
    }
  }
}

}  // namespace

void crop_rgb(const Frame& frame, const records::FaceRegion& region, const CropSpec& spec,
              std::span<float> out) {
  const Grid grid(region, spec.side);
  if (frame.width <= 0 || frame.height <= 0 || !grid.usable()) {
    std::ranges::fill(out, spec.offset);
    return;
  }
  const bool replicate = spec.border == Border::replicate;
  if (frame.rgb.data != nullptr) {
    (replicate ? crop_packed<Border::replicate> : crop_packed<Border::black>)(frame, grid, spec, out.data());
  } else {
    (replicate ? crop_planar<Border::replicate> : crop_planar<Border::black>)(frame, grid, spec, out.data());
  }
}

}  // namespace pyro::face
