#include "crop.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "crop_avx2.hpp"

namespace pyro::face {
namespace {

using records::Frame;

constexpr int kGrid = 32;  // positions per pixel
// Beyond this a coordinate is outside any frame; keeps the integer arithmetic in range whatever the region
// says.
constexpr double kFarthest = 1 << 20;
// A crop reads four pixels for each of its own. Where the region holds many more than that, converting single
// pixels is cheaper than converting all of its rectangle.
constexpr std::int64_t kMostPixelsPerSample = 24;

// Where one pixel of the crop lies in the frame, in 1/32 pixel. Rounds to the nearest, ties to even.
struct Place {
  std::int32_t x, y;
  Place(const AffineGrid& grid, int i, int j)
      : x(static_cast<std::int32_t>(std::nearbyint((grid.x - grid.sin * i) + grid.cos * j))),
        y(static_cast<std::int32_t>(std::nearbyint((grid.y + grid.cos * i) + grid.sin * j))) {}
};

// Pixels [left, right) × [top, bottom).
struct Rectangle {
  int left, top, right, bottom;
  [[nodiscard]] std::int64_t area() const { return std::int64_t{right - left} * (bottom - top); }
};

// What sampling this grid reads of the frame; with Border::black also the ring of one pixel around the frame,
// where the grid reaches it. Never empty.
Rectangle reached(const AffineGrid& grid, int side, const Frame& frame, Border border) {
  const int ring = border == Border::black ? 1 : 0;
  int left = frame.width + ring, top = frame.height + ring, right = -ring, bottom = -ring;
  for (const int i : {0, side - 1}) {
    for (const int j : {0, side - 1}) {
      const Place corner(grid, i, j);
      // One pixel more on each side: between the corners rounding may go the other way.
      left = std::min(left, (corner.x >> 5) - 1);
      top = std::min(top, (corner.y >> 5) - 1);
      right = std::max(right, (corner.x >> 5) + 3);
      bottom = std::max(bottom, (corner.y >> 5) + 3);
    }
  }
  left = std::clamp(left, -ring, frame.width + ring - 1);
  top = std::clamp(top, -ring, frame.height + ring - 1);
  return {left, top, std::clamp(right, left + 1, frame.width + ring),
          std::clamp(bottom, top + 1, frame.height + ring)};
}

// pixel(x, y) → Rgbx for any x and y.
template <typename Pixel>
void sample(const AffineGrid& grid, const CropSpec& spec, float* out, Pixel pixel) {
  for (int i = 0; i < spec.side; ++i) {
    for (int j = 0; j < spec.side; ++j) {
      const Place place(grid, i, j);
      const std::int32_t x = place.x >> 5, y = place.y >> 5;
      const auto fx = static_cast<Rgbx>(place.x & 31), fy = static_cast<Rgbx>(place.y & 31);
      const Rgbx a = pixel(x, y), b = pixel(x + 1, y), c = pixel(x, y + 1), d = pixel(x + 1, y + 1);
      for (int shift = 0; shift < 24; shift += 8) {
        const auto of = [shift](Rgbx value) { return value >> shift & 255; };
        const Rgbx sum =
            (kGrid - fy) * ((kGrid - fx) * of(a) + fx * of(b)) + fy * ((kGrid - fx) * of(c) + fx * of(d));
        *out++ = static_cast<float>((sum + 512) >> 10) * spec.scale + spec.offset;
      }
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

void Cropper::crop(const Frame& frame, const records::FaceRegion& region, const CropSpec& spec,
                   std::span<float> out) {
  const AffineGrid grid(region, spec.side);
  if (frame.width <= 0 || frame.height <= 0 || !grid.usable) {
    std::ranges::fill(out, spec.offset);
    return;
  }
  const Rectangle part = reached(grid, spec.side, frame, spec.border);
  if (part.area() > kMostPixelsPerSample * std::int64_t{spec.side} * spec.side) {
    const RgbRows rows(frame);
    const bool black = spec.border == Border::black;
    sample(grid, spec, out.data(), [&](int x, int y) {
      const int inside_x = std::clamp(x, 0, frame.width - 1), inside_y = std::clamp(y, 0, frame.height - 1);
      return black && (x != inside_x || y != inside_y) ? Rgbx{0} : rows.at(inside_x, inside_y);
    });
    return;
  }
  window_.fill(frame, part.left, part.top, part.right, part.bottom);
  if (sampling_fits_avx2(window_, spec)) {
    sample_avx2(window_, grid, spec, out.data());
  } else {
    sample(grid, spec, out.data(), [this](int x, int y) { return window_.at(x, y); });
  }
}

}  // namespace pyro::face
