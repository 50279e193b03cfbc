// Quarter turns and mirrorings of 8-bit planes and packed pixels, and what a display matrix means.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pyro::capture {

// upright(x, y) = stored(p, q) with (p, q) = transposed ? (y, x) : (x, y), then p, q counted from the right
// or bottom edge of the *stored* picture where mirrored_x, mirrored_y say so. All eight rotations and
// reflections.
struct Orientation {
  bool transposed = false;
  bool mirrored_x = false;
  bool mirrored_y = false;

  [[nodiscard]] bool upright() const { return !transposed && !mirrored_x && !mirrored_y; }
  bool operator==(const Orientation&) const = default;
};

// From the 3x3 display matrix of libavutil/display.h (ISO/IEC 14496-12 8.3.2.3; the upper left 2x2 is used),
// rounded to the nearest quarter turn; a singular or absent (null) matrix leaves the picture as it is.
[[nodiscard]] Orientation orientation_of(const std::int32_t* display_matrix);

// from: stored plane of width x height samples; to: plane of the upright size (height x width if transposed).
// No overlap. A sample is 1 byte, or 3 for packed RGB; other sizes are not built.
template <int sample_bytes = 1>
void orient_plane(const std::uint8_t* from, std::ptrdiff_t from_stride, int width, int height,
                  std::uint8_t* to, std::ptrdiff_t to_stride, Orientation orientation);

}  // namespace pyro::capture
