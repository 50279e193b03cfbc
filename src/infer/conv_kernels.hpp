// The arithmetic of ConvNet, written once for any vector width (conv_kernels.inl). A map's values lie pixel
// by pixel with the channels together, so a vector holds neighbouring channels of one pixel and weights are
// read in vectors too. Private to the room; plain C types only, as in plane_kernels.hpp.
#pragma once

#include <cstddef>

namespace pyro::infer::conv {

// Channels of a map that is read or written in vectors come in such groups, weights in panels as wide.
inline constexpr std::size_t kChannels = 16;
inline constexpr std::size_t kPanel = 32;

// y[p][n] = f(Σ_t Σ_c x[p·x_stride + tap[t] + c]·weights[t][c][n] + bias[n] + added[p][n]): a convolution
// over pixels of one row, or a plain product of matrices.
struct Product {
  const float* x = nullptr;
  std::size_t x_stride = 0;  // between pixels
  std::size_t pixels = 0;
  const std::size_t* taps = nullptr;  // where each tap reads, from the pixel's first value on
  std::size_t tap_count = 0;
  std::size_t channels = 0;        // that each tap reads
  std::size_t outputs = 0;         // a multiple of kPanel
  const float* weights = nullptr;  // [outputs / kPanel][tap_count][channels][kPanel]
  const float* bias = nullptr;     // or nullptr: none, nothing added, f(v) = v
  const float* added = nullptr;    // or nullptr
  bool relu = false;               // f(v) = v < 0 ? 0 : v
  float* y = nullptr;
  std::size_t y_stride = 0;  // between pixels; of `added` too
};

// Winograd's minimal filtering F(m×m, 3×3): a 3×3 convolution of stride 1 becomes, for each of (m+2)² places,
// a product of matrices over tiles of m×m pixels. Lavin, Gray: Fast algorithms for convolutional neural
// networks, CVPR 2016. The map is padded with one row and column of zeros on each side.
struct Tiles {
  float* map = nullptr;  // read by split (the padded map), written by join (its first pixel inside)
  std::size_t row = 0;   // floats between the map's rows
  std::size_t channels = 0;
  std::size_t across = 0, down = 0;  // tiles
  float* places = nullptr;           // [(m+2)²][across·down][channels]; written by split, read by join
  // join only, as in Product.
  const float* bias = nullptr;
  const float* added = nullptr;  // or nullptr; laid out as the map
  bool relu = false;
};

struct Table {
  void (*product)(const Product&);
  void (*split2)(const Tiles&);
  void (*join2)(const Tiles&);
  void (*split4)(const Tiles&);
  void (*join4)(const Tiles&);
  // The mean of 2×2 pixels: one row of `pixels`, out of two rows.
  void (*halve)(const float* row0, const float* row1, std::size_t pixels, std::size_t channels, float* y);
};

}  // namespace pyro::infer::conv
