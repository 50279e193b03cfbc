#include "crop.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "colour.hpp"
#include "crop_avx2.hpp"

namespace pyro::face {
namespace {

using records::Frame;
using records::Plane;

constexpr int kGrid = 32;  // positions per pixel
// Beyond this a coordinate is outside any frame; keeps the integer arithmetic in range whatever the region
// says.
constexpr double kFarthest = 1 << 20;

// Where one pixel of the crop lies in the frame, in 1/32 pixel. Rounds to the nearest, ties to even.
struct Place {
  std::int32_t x, y;
  Place(const AffineGrid& grid, int i, int j)
      : x(static_cast<std::int32_t>(std::nearbyint((grid.x - grid.sin * i) + grid.cos * j))),
        y(static_cast<std::int32_t>(std::nearbyint((grid.y + grid.cos * i) + grid.sin * j))) {}
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
void crop_packed(const Frame& frame, const AffineGrid& grid, const CropSpec& spec, float* out) {
  for (int i = 0; i < spec.side; ++i) {
    for (int j = 0; j < spec.side; ++j) {
      const Place place(grid, i, j);
      for (int colour = 0; colour < 3; ++colour) {
        const PlaneSampler sampler{
            {frame.rgb.data + colour, frame.rgb.stride_bytes}, frame.width, frame.height, 3};
        const std::int32_t value = (sampler.at<border>(place.x, place.y) + 512) >> 10;
        *out++ = static_cast<float>(value) * spec.scale + spec.offset;
      }
    }
  }
}

// Planar YUV: each plane is sampled where it lies, and only the crop's own pixels are converted.
template <Border border>
void crop_yuv(const Frame& frame, const AffineGrid& grid, const CropSpec& spec, float* out) {
  const YuvToRgb colours(frame);
  const ChromaLayout chroma(frame);
  const PlaneSampler y{frame.y, frame.width, frame.height, 1, static_cast<int>(colours.black())};
  const PlaneSampler u{frame.u, chroma.width, chroma.height, 1, 128};
  const PlaneSampler v{frame.v, chroma.width, chroma.height, 1, 128};
  for (int i = 0; i < spec.side; ++i) {
    for (int j = 0; j < spec.side; ++j) {
      const Place place(grid, i, j);
      const float light = static_cast<float>(y.at<border>(place.x, place.y)) / 1024;
      float cb = 128, cr = 128;
      if (chroma.present) {
        const std::int32_t cx = chroma.x(place.x), cy = chroma.y(place.y);
        cb = static_cast<float>(u.at<border>(cx, cy)) / 1024;
        cr = static_cast<float>(v.at<border>(cx, cy)) / 1024;
      }
      for (const float value : colours(light, cb, cr)) *out++ = value * spec.scale + spec.offset;
    }
  }
}

}  // namespace

AffineGrid::AffineGrid(const records::FaceRegion& region, int side) {
  const double step = static_cast<double>(region.size) / side * kGrid;
  cos = std::cos(static_cast<double>(region.angle_rad)) * step;
  sin = std::sin(static_cast<double>(region.angle_rad)) * step;
  x = static_cast<double>(region.centre.x) * kGrid - (cos - sin) * side / 2;
  y = static_cast<double>(region.centre.y) * kGrid - (sin + cos) * side / 2;
  const auto sane = [](double value) { return std::isfinite(value) && std::abs(value) < kFarthest * kGrid; };
  usable = sane(x) && sane(y) && sane(cos * side) && sane(sin * side);
}

void crop_rgb(const Frame& frame, const records::FaceRegion& region, const CropSpec& spec,
              std::span<float> out) {
  const AffineGrid grid(region, spec.side);
  if (frame.width <= 0 || frame.height <= 0 || !grid.usable) {
    std::ranges::fill(out, spec.offset);
    return;
  }
  const bool replicate = spec.border == Border::replicate;
  if (frame.rgb.data != nullptr) {
    (replicate ? crop_packed<Border::replicate> : crop_packed<Border::black>)(frame, grid, spec, out.data());
  } else if (crop_fits_avx2(frame, spec)) {
    crop_yuv_avx2(frame, grid, spec, out.data());
  } else {
    (replicate ? crop_yuv<Border::replicate> : crop_yuv<Border::black>)(frame, grid, spec, out.data());
  }
}

}  // namespace pyro::face
