#include "nets/norm_kernels.hpp"

#include <algorithm>
#include <vector>

#if defined(__AVX512BF16__)
#include <immintrin.h>
#endif

namespace pyro::training::amx {

#if defined(__AVX512BF16__)
namespace {

constexpr int kWide = 16;
constexpr std::ptrdiff_t kRows = 256;  // summed in f32

__m512 load(const Bf16* from) {
  const __m256i bits = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(bits), 16));
}

void store(Bf16* to, __m512 value) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(value)));
}

// Calls add(row, channel, first sum, second sum) for all of 16 channels at a time; sums of both, in f64.
template <typename Add>
void two_sums(std::ptrdiff_t rows, int channels, double* first, double* second, const Add& add) {
  std::fill_n(first, channels, 0.0);
  std::fill_n(second, channels, 0.0);
  alignas(64) float part[2][kWide];
  for (std::ptrdiff_t block = 0; block < rows; block += kRows) {
    const std::ptrdiff_t end = std::min(block + kRows, rows);
    for (int c = 0; c < channels; c += kWide) {
      __m512 a = _mm512_setzero_ps();
      __m512 b = _mm512_setzero_ps();
      for (std::ptrdiff_t row = block; row < end; ++row) add(row * channels + c, a, b);
      _mm512_store_ps(part[0], a);
      _mm512_store_ps(part[1], b);
      for (int i = 0; i < kWide; ++i) {
        first[c + i] += part[0][i];
        second[c + i] += part[1][i];
      }
    }
  }
}

}  // namespace

void moments(std::ptrdiff_t rows, int channels, const Bf16* maps, float* mean, float* variance) {
  std::vector<double> sums(static_cast<std::size_t>(channels));
  std::vector<double> squares(static_cast<std::size_t>(channels));
  two_sums(rows, channels, sums.data(), squares.data(), [&](std::ptrdiff_t at, __m512& a, __m512& b) {
    const __m512 x = load(maps + at);
    a = _mm512_add_ps(a, x);
    b = _mm512_fmadd_ps(x, x, b);
  });
  const auto count = static_cast<double>(rows);
  for (std::size_t c = 0; c < sums.size(); ++c) {
    const double middle = sums[c] / count;
    mean[c] = static_cast<float>(middle);
    variance[c] = static_cast<float>(std::max(0.0, squares[c] / count - middle * middle));
  }
}

void scale_and_rectify(std::ptrdiff_t rows, int channels, const Bf16* maps, const float* scale,
                       const float* shift, const Bf16* added, Bf16* result) {
  for (std::ptrdiff_t row = 0; row < rows; ++row) {
    for (int c = 0; c < channels; c += kWide) {
      const std::ptrdiff_t at = row * channels + c;
      __m512 y = _mm512_fmadd_ps(load(maps + at), _mm512_loadu_ps(scale + c), _mm512_loadu_ps(shift + c));
      if (added != nullptr) y = _mm512_add_ps(y, load(added + at));
      store(result + at, _mm512_max_ps(y, _mm512_setzero_ps()));
    }
  }
}

void rectified_gradient(std::ptrdiff_t rows, int channels, const Bf16* gradient, const Bf16* result,
                        const Bf16* maps, Bf16* rectified, double* sums, double* sums_with_maps) {
  two_sums(rows, channels, sums, sums_with_maps, [&](std::ptrdiff_t at, __m512& a, __m512& b) {
    const __mmask16 on = _mm512_cmp_ps_mask(load(result + at), _mm512_setzero_ps(), _CMP_GT_OQ);
    const __m512 g = _mm512_maskz_mov_ps(on, load(gradient + at));
    store(rectified + at, g);
    a = _mm512_add_ps(a, g);
    b = _mm512_fmadd_ps(g, load(maps + at), b);
  });
}

void combine(std::ptrdiff_t rows, int channels, const Bf16* rectified, const Bf16* maps,
             const float* of_gradient, const float* of_maps, const float* constant, Bf16* result) {
  for (std::ptrdiff_t row = 0; row < rows; ++row) {
    for (int c = 0; c < channels; c += kWide) {
      const std::ptrdiff_t at = row * channels + c;
      const __m512 y =
          _mm512_fmadd_ps(load(maps + at), _mm512_loadu_ps(of_maps + c), _mm512_loadu_ps(constant + c));
      store(result + at, _mm512_fmadd_ps(load(rectified + at), _mm512_loadu_ps(of_gradient + c), y));
    }
  }
}

#else

void moments(std::ptrdiff_t, int, const Bf16*, float*, float*) {}
void scale_and_rectify(std::ptrdiff_t, int, const Bf16*, const float*, const float*, const Bf16*, Bf16*) {}
void rectified_gradient(std::ptrdiff_t, int, const Bf16*, const Bf16*, const Bf16*, Bf16*, double*, double*) {
}
void combine(std::ptrdiff_t, int, const Bf16*, const Bf16*, const float*, const float*, const float*, Bf16*) {
}

#endif

}  // namespace pyro::training::amx
