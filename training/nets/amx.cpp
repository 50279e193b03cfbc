#include "nets/amx.hpp"

#include <algorithm>
#include <cstring>

#if defined(__AMX_BF16__)
#include <cpuid.h>
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace pyro::training::amx {

#if defined(__AMX_BF16__)
namespace {

constexpr std::ptrdiff_t kTile = 16;         // rows of a tile, and f32 numbers in a row
constexpr std::ptrdiff_t kDepth = 32;        // bf16 numbers in a row: products summed by one instruction
constexpr std::ptrdiff_t kSide = 2 * kTile;  // a block of two by two tiles is summed at once
constexpr int kTaps = 9;

// The system's way to ask for tiles (arch_prctl(2)).
constexpr int kRequestPermission = 0x1023;
constexpr int kTileData = 18;

bool permitted() {
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return false;
  const bool tiles = ((d >> 22U) & 1U) != 0 && ((d >> 24U) & 1U) != 0;  // AMX-BF16, AMX-TILE
  return tiles && syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}

struct alignas(64) TileConfig {
  std::uint8_t palette = 1;
  std::uint8_t start_row = 0;
  std::uint8_t reserved[14] = {};
  std::uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  std::uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};

// Tiles 0 to 3 are sums, 4 and 5 the left factor, 6 and 7 the right one.
class Tiles {
 public:
  Tiles() {
    const TileConfig config;
    _tile_loadconfig(&config);
  }
  ~Tiles() { _tile_release(); }
  Tiles(const Tiles&) = delete;
  Tiles& operator=(const Tiles&) = delete;
  Tiles(Tiles&&) = delete;
  Tiles& operator=(Tiles&&) = delete;
};

// left: 32 rows `left_stride` bytes apart, 32 numbers each; right: two tiles of 16 pairs of rows and 16
// columns.
inline void add_product(const Bf16* left, std::ptrdiff_t left_stride, const Bf16* right, const Bf16* right2) {
  _tile_loadd(4, left, left_stride);
  _tile_loadd(6, right, 64);
  _tile_dpbf16ps(0, 4, 6);
  _tile_loadd(7, right2, 64);
  _tile_dpbf16ps(1, 4, 7);
  _tile_loadd(5, reinterpret_cast<const char*>(left) + kTile * left_stride, left_stride);
  _tile_dpbf16ps(2, 5, 6);
  _tile_dpbf16ps(3, 5, 7);
}

inline void clear_sums() {
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
}

// A block of sums from and to 32×32 of a matrix whose rows are `stride` numbers apart.
inline void load_sums(const float* sums, std::ptrdiff_t stride) {
  _tile_loadd(0, sums, stride * 4);
  _tile_loadd(1, sums + kTile, stride * 4);
  _tile_loadd(2, sums + kTile * stride, stride * 4);
  _tile_loadd(3, sums + kTile * stride + kTile, stride * 4);
}

inline void store_sums(float* sums, std::ptrdiff_t stride) {
  _tile_stored(0, sums, stride * 4);
  _tile_stored(1, sums + kTile, stride * 4);
  _tile_stored(2, sums + kTile * stride, stride * 4);
  _tile_stored(3, sums + kTile * stride + kTile, stride * 4);
}

Bf16 rounded(float value) {
  return static_cast<Bf16>(
      _mm_extract_epi16(reinterpret_cast<__m128i>(_mm_cvtneps_pbh(_mm_set1_ps(value))), 0));
}

// How many positions away tap 0..8 looks.
std::ptrdiff_t step_of(const Shape& shape, int tap) {
  return (tap / 3 - 1) * shape.pitch() + tap % 3 - 1;
}

// Calls use(position, row of the unpacked maps) for what is no zero of the packing.
template <typename Use>
void for_each_row(const Shape& shape, const Use& use) {
  std::ptrdiff_t position = 0;
  std::ptrdiff_t row = 0;
  for (int n = 0; n < shape.pictures; ++n) {
    for (int y = 0; y < shape.height; ++y) {
      use(position, row);
      position += shape.pitch();
      row += shape.width;
    }
    position += shape.pitch();
  }
}

// Two neighbouring positions of 16 channels: their numbers in turns.
inline __m512i pair_of(const Bf16* first, std::ptrdiff_t channels, std::ptrdiff_t left) {
  const __m256i zero = _mm256_setzero_si256();
  const auto row = [&](std::ptrdiff_t i) {
    return i < left ? _mm256_loadu_si256(reinterpret_cast<const __m256i*>(first + i * channels)) : zero;
  };
  const __m512i even = _mm512_cvtepu16_epi32(row(0));
  const __m512i odd = _mm512_slli_epi32(_mm512_cvtepu16_epi32(row(1)), 16);
  return _mm512_or_si512(even, odd);
}

// 16×16 of 32 bits each, in place
inline void transpose(__m512i (&rows)[kTile]) {
  __m512i half[kTile];
  for (int i = 0; i < kTile; i += 2) {
    half[i] = _mm512_unpacklo_epi32(rows[i], rows[i + 1]);
    half[i + 1] = _mm512_unpackhi_epi32(rows[i], rows[i + 1]);
  }
  for (int i = 0; i < kTile; i += 4) {
    rows[i] = _mm512_unpacklo_epi64(half[i], half[i + 2]);
    rows[i + 1] = _mm512_unpackhi_epi64(half[i], half[i + 2]);
    rows[i + 2] = _mm512_unpacklo_epi64(half[i + 1], half[i + 3]);
    rows[i + 3] = _mm512_unpackhi_epi64(half[i + 1], half[i + 3]);
  }
  for (int i = 0; i < 4; ++i) {
    half[i] = _mm512_shuffle_i32x4(rows[i], rows[i + 4], 0x88);
    half[i + 4] = _mm512_shuffle_i32x4(rows[i], rows[i + 4], 0xdd);
    half[i + 8] = _mm512_shuffle_i32x4(rows[i + 8], rows[i + 12], 0x88);
    half[i + 12] = _mm512_shuffle_i32x4(rows[i + 8], rows[i + 12], 0xdd);
  }
  for (int i = 0; i < 8; ++i) {
    rows[i] = _mm512_shuffle_i32x4(half[i], half[i + 8], 0x88);
    rows[i + 8] = _mm512_shuffle_i32x4(half[i], half[i + 8], 0xdd);
  }
}

// `count` positions of 16 channels → 16 rows of positions, `stride` numbers apart; zeros where `left`
// positions end.
void turn(const Bf16* from, std::ptrdiff_t channels, std::ptrdiff_t left, std::ptrdiff_t count, Bf16* to,
          std::ptrdiff_t stride) {
  for (std::ptrdiff_t p = 0; p < count; p += kDepth) {
    __m512i rows[kTile];
    for (std::ptrdiff_t i = 0; i < kTile; ++i)
      rows[i] = pair_of(from + (p + 2 * i) * channels, channels, left - p - 2 * i);
    transpose(rows);
    for (std::ptrdiff_t i = 0; i < kTile; ++i) _mm512_store_si512(to + i * stride + p, rows[i]);
  }
}

// `count` positions of 16 channels → rows of pairs, as right factors want them; zeros where `left` positions
// end.
void pair_up(const Bf16* from, std::ptrdiff_t channels, std::ptrdiff_t left, std::ptrdiff_t count, Bf16* to) {
  for (std::ptrdiff_t p = 0; p < count; p += 2, to += kDepth) {
    _mm512_store_si512(to, pair_of(from + p * channels, channels, left - p));
  }
}

// Memory that begins with a cache line: tiles whose rows cross lines load at half the speed.
class Lines {
 public:
  template <typename Number>
  Number* get(std::ptrdiff_t numbers) {
    const auto wanted = static_cast<std::size_t>(numbers) * sizeof(Number) / sizeof(Line) + 1;
    if (lines_.size() < wanted) lines_.resize(wanted);
    return reinterpret_cast<Number*>(lines_.data());
  }

 private:
  struct alignas(64) Line {
    std::uint8_t bytes[64];
  };
  std::vector<Line> lines_;
};

// Where each packed position lies in the unpacked maps; -1 for zeros.
std::vector<std::int32_t> unpacked_places(const Shape& shape) {
  std::vector<std::int32_t> places(static_cast<std::size_t>(shape.positions() + kSide), -1);
  for_each_row(shape, [&](std::ptrdiff_t position, std::ptrdiff_t row) {
    for (int x = 0; x < shape.width; ++x)
      places[static_cast<std::size_t>(position + x)] = static_cast<std::int32_t>(row + x);
  });
  return places;
}

}  // namespace

bool available() {
  static const bool is = permitted();
  return is;
}

void pack(const Shape& shape, int channels, const Bf16* maps, Bf16* packed) {
  std::memset(packed, 0, shape.packed_size(channels) * sizeof(Bf16));
  Bf16* first = packed + shape.margin() * channels;
  for_each_row(shape, [&](std::ptrdiff_t position, std::ptrdiff_t row) {
    std::memcpy(first + position * channels, maps + row * channels,
                static_cast<std::size_t>(shape.width) * static_cast<std::size_t>(channels) * sizeof(Bf16));
  });
}

// Order: block of 32 results, tap, 32 of what is summed, two tiles of 16 pairs × 16 results × 2.
std::vector<Bf16> packed_weights(const float* weights, int out, int in, bool turned) {
  const int results = turned ? in : out;
  const int summed = turned ? out : in;
  std::vector<Bf16> packed(static_cast<std::size_t>(kTaps) * static_cast<std::size_t>(out) *
                           static_cast<std::size_t>(in));
  std::size_t at = 0;
  for (int block = 0; block < results; block += kSide) {
    for (int tap = 0; tap < kTaps; ++tap) {
      for (int depth = 0; depth < summed; depth += kDepth) {
        for (int tile = 0; tile < 2; ++tile) {
          for (int pair = 0; pair < kTile; ++pair) {
            for (int column = 0; column < kTile; ++column) {
              for (int half = 0; half < 2; ++half) {
                const int result = block + tile * static_cast<int>(kTile) + column;
                const int term = depth + 2 * pair + half;
                packed[at++] =
                    rounded(turned ? weights[(std::ptrdiff_t{term} * in + result) * kTaps + kTaps - 1 - tap]
                                   : weights[(std::ptrdiff_t{result} * in + term) * kTaps + tap]);
              }
            }
          }
        }
      }
    }
  }
  return packed;
}

void convolve(const Shape& shape, int in, int out, const Bf16* packed, const Bf16* weights, Bf16* result) {
  constexpr std::ptrdiff_t kBlock = 512;  // positions whose maps stay in the cache for all results
  const Bf16* first = packed + shape.margin() * in;
  const std::vector<std::int32_t> places = unpacked_places(shape);
  const std::ptrdiff_t panel = std::ptrdiff_t{kTaps} * in * kSide;
  const Tiles tiles;
  alignas(64) float sums[kSide * kSide];
  for (std::ptrdiff_t block = 0; block < shape.positions(); block += kBlock) {
    const std::ptrdiff_t end = std::min(block + kBlock, shape.positions());
    for (int o = 0; o < out; o += kSide) {
      for (std::ptrdiff_t p = block; p < end; p += kSide) {
        const Bf16* right = weights + o / kSide * panel;
        clear_sums();
        for (int tap = 0; tap < kTaps; ++tap) {
          const Bf16* left = first + (p + step_of(shape, tap)) * in;
          for (int c = 0; c < in; c += kDepth, right += kSide * kDepth) {
            add_product(left + c, std::ptrdiff_t{in} * 2, right, right + kTile * kDepth);
          }
        }
        store_sums(sums, kSide);
        for (std::ptrdiff_t i = 0; i < kSide; ++i) {
          const std::int32_t place = places[static_cast<std::size_t>(p + i)];
          if (place < 0) continue;
          const __m512 low = _mm512_load_ps(sums + i * kSide);
          const __m512 high = _mm512_load_ps(sums + i * kSide + kTile);
          _mm512_storeu_si512(result + std::ptrdiff_t{place} * out + o,
                              reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(high, low)));
        }
      }
    }
  }
}

void gradient_of_weights(const Shape& shape, int in, int out, const Bf16* packed_input,
                         const Bf16* packed_gradient, float* result) {
  constexpr std::ptrdiff_t kBlock =
      256;  // positions summed between two visits of the sums; fits the first cache
  // Rows of the turned gradient: an odd number of cache lines apart, so that 16 do not share a few places of
  // the cache.
  constexpr std::ptrdiff_t kStride = kBlock + kDepth;
  const std::ptrdiff_t margin = shape.margin();
  // The input's positions block - before … block + kBlock + before, in pairs that begin at even and at odd
  // ones: a tap is then a row of one or the other.
  const std::ptrdiff_t before = (shape.pitch() + 2) / 2 * 2;
  const std::ptrdiff_t span = (kBlock + 2 * before + kDepth - 1) / kDepth * kDepth;
  const std::ptrdiff_t panel = span * kTile;  // of 16 channels
  const std::ptrdiff_t parity = panel * in / kTile;
  thread_local Lines turned;
  thread_local Lines paired;
  thread_local Lines sums_lines;
  Bf16* left_factor = turned.get<Bf16>(kStride * out);
  Bf16* right_factor = paired.get<Bf16>(2 * parity);
  const std::ptrdiff_t numbers = std::ptrdiff_t{kTaps} * in * out;
  float* sums = sums_lines.get<float>(numbers);
  std::fill_n(sums, numbers, 0.0F);
  const Tiles tiles;
  for (std::ptrdiff_t block = 0; block < shape.positions(); block += kBlock) {
    const std::ptrdiff_t left = shape.positions() - block;
    const std::ptrdiff_t depth = std::min(kBlock, (left + kDepth - 1) / kDepth * kDepth);
    for (int o = 0; o < out; o += kTile) {
      turn(packed_gradient + (margin + block) * out + o, out, left, depth, left_factor + o * kStride,
           kStride);
    }
    for (int odd = 0; odd < 2; ++odd) {
      for (int c = 0; c < in; c += kTile) {
        const std::ptrdiff_t first = block - before + odd;
        pair_up(packed_input + (margin + first) * in + c, in, shape.positions() + margin - first, span,
                right_factor + odd * parity + c / kTile * panel);
      }
    }
    float* here = sums;
    for (int o = 0; o < out; o += kSide) {
      for (int c = 0; c < in; c += kSide) {
        for (int tap = 0; tap < kTaps; ++tap, here += kSide * kSide) {
          const std::ptrdiff_t place = before + step_of(shape, tap);
          const Bf16* right = right_factor + place % 2 * parity + c / kTile * panel + place / 2 * kDepth;
          load_sums(here, kSide);
          for (std::ptrdiff_t p = 0; p < depth; p += kDepth, right += kTile * kDepth) {
            add_product(left_factor + o * kStride + p, kStride * 2, right, right + panel);
          }
          store_sums(here, kSide);
        }
      }
    }
  }
  const float* from = sums;
  for (int o = 0; o < out; o += kSide) {
    for (int c = 0; c < in; c += kSide) {
      for (int tap = 0; tap < kTaps; ++tap) {
        for (std::ptrdiff_t i = 0; i < kSide * kSide; ++i)
          result[((o + i / kSide) * in + c + i % kSide) * kTaps + tap] = *from++;
      }
    }
  }
}

#else  // another processor: torch's own convolutions do it

bool available() {
  return false;
}
void pack(const Shape&, int, const Bf16*, Bf16*) {}
std::vector<Bf16> packed_weights(const float*, int, int, bool) {
  return {};
}
void convolve(const Shape&, int, int, const Bf16*, const Bf16*, Bf16*) {}
void gradient_of_weights(const Shape&, int, int, const Bf16*, const Bf16*, float*) {}

#endif

}  // namespace pyro::training::amx
