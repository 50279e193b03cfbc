#include "orient.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace pyro::capture {
namespace {

// Samples that lie `step` bytes apart, one behind the other.
template <int sample_bytes>
void copy_samples(const std::uint8_t* from, std::ptrdiff_t step, int count, std::uint8_t* to) {
  for (int i = 0; i < count; ++i, from += step, to += sample_bytes) std::memcpy(to, from, sample_bytes);
}

}  // namespace

Orientation orientation_of(const std::int32_t* m) {
  if (m == nullptr) return {};
  // A stored point (p, q) is shown at (a p + c q, b p + d q).
  const std::int64_t a = m[0], b = m[1], c = m[3], d = m[4];
  if (a * d - b * c == 0) return {};
  if (std::abs(a) + std::abs(d) >= std::abs(b) + std::abs(c)) return {false, a < 0, d < 0};
  return {true, b < 0, c < 0};
}

template <int sample_bytes>
void orient_plane(const std::uint8_t* from, std::ptrdiff_t from_stride, int width, int height,
                  std::uint8_t* to, std::ptrdiff_t to_stride, Orientation orientation) {
  // The stored sample under upright (0, 0), and the steps in memory for one step right and down in the
  // upright picture.
  const std::uint8_t* origin = from;
  std::ptrdiff_t right = sample_bytes;
  std::ptrdiff_t down = from_stride;
  if (orientation.mirrored_x) origin += (width - 1) * right, right = -right;
  if (orientation.mirrored_y) origin += (height - 1) * from_stride, down = -from_stride;
  if (!orientation.transposed) {
    for (int y = 0; y < height; ++y, origin += down, to += to_stride) {
      if (right == sample_bytes) {
        std::memcpy(to, origin, static_cast<std::size_t>(width) * sample_bytes);
      } else {
        copy_samples<sample_bytes>(origin, right, width, to);
      }
    }
    return;
  }
  std::swap(right, down);
  // In blocks, so that the stored rows read column by column stay in the cache.
  constexpr int block = 32;
  for (int y0 = 0; y0 < width; y0 += block) {
    for (int x0 = 0; x0 < height; x0 += block) {
      const int y1 = std::min(y0 + block, width);
      const int x1 = std::min(x0 + block, height);
      for (int y = y0; y < y1; ++y) {
        const std::uint8_t* sample = origin + y * down + x0 * right;
        copy_samples<sample_bytes>(sample, right, x1 - x0,
                                   to + y * to_stride + std::ptrdiff_t{x0} * sample_bytes);
      }
    }
  }
}

template void orient_plane<1>(const std::uint8_t*, std::ptrdiff_t, int, int, std::uint8_t*, std::ptrdiff_t,
                              Orientation);
template void orient_plane<3>(const std::uint8_t*, std::ptrdiff_t, int, int, std::uint8_t*, std::ptrdiff_t,
                              Orientation);

}  // namespace pyro::capture
