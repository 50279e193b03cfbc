// 3×3 convolutions of stride 1 in bf16 on a processor with AMX tiles: forward, gradient of the input,
// gradient of the weights. Plain pointers, no torch; bf16 numbers are passed as their bits.
//
// Maps are packed so that a neighbour is always the same number of positions away: rows of w + 1 positions
// whose last is zero, h + 1 rows whose last is zero, picture after picture, zeros before and after all of
// them. A convolution is then nine products of matrices, each of the whole batch moved by a fixed step. On
// maps of 6×6 a quarter of that work falls on zeros; libraries that go row by row lose far more there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pyro::training::amx {

using Bf16 = std::uint16_t;

// True where the processor has the tiles and the system grants them; asks once.
[[nodiscard]] bool available();

// Channels must be multiples of 32.
inline constexpr int kChannelStep = 32;

struct Shape {
  int pictures, height, width;

  [[nodiscard]] std::ptrdiff_t pitch() const { return width + 1; }
  [[nodiscard]] std::ptrdiff_t positions() const { return pictures * (height + std::ptrdiff_t{1}) * pitch(); }
  // Zeros before the first and behind the last position: the farthest neighbour, and what a last tile reads
  // too much.
  [[nodiscard]] std::ptrdiff_t margin() const { return pitch() + 1 + 32; }
  // Numbers in a packed map
  [[nodiscard]] std::size_t packed_size(int channels) const {
    return static_cast<std::size_t>((positions() + 2 * margin()) * channels);
  }
};

// [n, h, w, c] → packed
void pack(const Shape& shape, int channels, const Bf16* maps, Bf16* packed);

// Weights [out, in, 3, 3] as the tiles read them. `turned`: as the gradient of the input needs them, from out
// to in.
[[nodiscard]] std::vector<Bf16> packed_weights(const float* weights, int out, int in, bool turned);

// packed [.., in] → [n, h, w, out]
void convolve(const Shape& shape, int in, int out, const Bf16* packed, const Bf16* weights, Bf16* result);

// Both packed; result [out, in, 3, 3] in f32, overwritten.
void gradient_of_weights(const Shape& shape, int in, int out, const Bf16* packed_input,
                         const Bf16* packed_gradient, float* result);

}  // namespace pyro::training::amx
