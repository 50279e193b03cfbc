// The arithmetic of PlaneNet, written once for any vector width (plane_kernels.inl) and compiled for AVX2 and
// for AVX-512. A map's values lie in planes, one per channel: 16 neighbouring pixels of one channel make a
// vector, so 8 channels waste nothing and the weights are scalars. Private to the room. Plain C types only:
// the files that include this for a newer processor must not emit a function that the rest may share.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pyro::infer::planes {

// Planes are read and written in whole vectors of up to this many floats, so buffers are rounded up to it.
inline constexpr std::size_t kLanes = 16;
// Outputs of a matrix product that is read from half-precision weights come in such groups.
inline constexpr std::size_t kDenseGroup = 64;

// y[n][p] = f(Σ_k weights[n][k]·x[k][p] + bias[n] + added[n][p]), f(v) = v < 0 ? slope[n]·v : v.
struct Mix {
  const float* const* x = nullptr;  // `inputs` planes
  std::size_t inputs = 0;
  std::size_t outputs = 0;         // a multiple of the kernels' block
  std::size_t pixels = 0;          // rounded up to whole vectors
  const float* weights = nullptr;  // [outputs / block][inputs][block]
  const float* bias = nullptr;
  const float* slope = nullptr;  // or nullptr: f(v) = v
  const float* added = nullptr;  // or nullptr; may be y
  std::size_t added_stride = 0;
  std::size_t added_outputs = 0;  // a multiple of the block; the rest gets nothing added
  float* y = nullptr;
  std::size_t y_stride = 0;
};

// 3×3 per channel, stride 1: y[c][p] = bias[c] + Σ weights[c][3·i+j]·row_i[c][p+j−1].
struct Depthwise {
  const float* rows[3] = {};  // channel 0, pixel 0 of the row above, this row, the row below; 16 readable
                              // floats stand on either side of each
  std::size_t stride = 0;     // between channels
  const float* weights = nullptr;
  const float* bias = nullptr;
  std::size_t channels = 0;
  std::size_t pixels = 0;
  float* y = nullptr;
  std::size_t y_stride = 0;
};

// The same with stride 2 and one row and column of padding behind the map. rows[i][0] holds the even columns
// of input row 2y+i, rows[i][1] the odd ones: y[c][p] = bias[c] + Σ_i w[3i]·even[p] + w[3i+1]·odd[p] +
// w[3i+2]·even[p+1].
struct DepthwiseHalving {
  const float* rows[3][2] = {};
  std::size_t stride = 0;
  const float* weights = nullptr;
  const float* bias = nullptr;
  std::size_t channels = 0;
  std::size_t pixels = 0;
  float* y = nullptr;
  std::size_t y_stride = 0;
};

struct Table {
  std::size_t block;  // outputs that Mix computes together
  void (*mix)(const Mix&);
  void (*depthwise)(const Depthwise&);
  void (*depthwise_halving)(const DepthwiseHalving&);
  // Two rows of one channel → their even and odd columns and, unless `greatest` is nullptr, the greatest of
  // each 2×2. Reads 2·kLanes and writes kLanes at a time.
  void (*split)(const float* row0, const float* row1, std::size_t pixels, float* const out[4],
                float* greatest);
  // One row of RGB pixels → six planes: red, green, blue of the even columns, then of the odd ones.
  void (*split_rgb)(const float* row, std::size_t pixels, float* planes, std::size_t stride);
  // y[n] = bias[n] + Σ_k weights[k][n]·x[k]; weights in half precision as [groups][inputs][kDenseGroup].
  void (*dense)(const float* x, std::size_t inputs, const std::uint16_t* weights, const float* bias,
                std::size_t groups, float* y);
};

}  // namespace pyro::infer::planes
