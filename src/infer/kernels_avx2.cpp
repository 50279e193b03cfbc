// The kernels for AVX2. Compiled for it as a file: only headers of which no function is used may be
// included here besides the intrinsics.
#include "kernels.hpp"

#if defined(__AVX2__)

#include <immintrin.h>

#include <utility>

namespace pyro::infer {
namespace {

struct Simd {
  static constexpr const char* kName = "avx2";
  using V = __m256;
  static constexpr std::size_t kWidth = 8, kBlock = 4, kTile = 3, kMostPixels = 6;

  static V zero() { return _mm256_setzero_ps(); }
  static V all(float value) { return _mm256_set1_ps(value); }
  static V load(const float* from) { return _mm256_loadu_ps(from); }
  static void store(float* to, V value) { _mm256_storeu_ps(to, value); }
  static V add(V a, V b) { return _mm256_add_ps(a, b); }
  static V sub(V a, V b) { return _mm256_sub_ps(a, b); }
  static V mul(V a, V b) { return _mm256_mul_ps(a, b); }
  static V max(V a, V b) { return _mm256_max_ps(a, b); }
  static V fma(V a, V b, V c) { return _mm256_fmadd_ps(a, b, c); }
  static V leaky(V value, V slope) { return _mm256_blendv_ps(value, _mm256_mul_ps(value, slope), value); }
  static V from_half(const std::uint16_t* from) {
    return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
  }
  static void split(const float* from, V& even, V& odd) {
    const V a = load(from), b = load(from + kWidth);
    const auto in_order = [](V value) {
      return _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(value), 0xD8));
    };
    even = in_order(_mm256_shuffle_ps(a, b, 0x88));
    odd = in_order(_mm256_shuffle_ps(a, b, 0xDD));
  }

  class Window {
   public:
    explicit Window(const float* row) : row_(row) {}
    void next(V& left, V& here, V& right) {
      left = load(row_ - 1);
      here = load(row_);
      right = load(row_ + 1);
      row_ += kWidth;
    }

   private:
    const float* row_;
  };

  static void split_rgb(const float* row, std::size_t pixels, float* to, std::size_t stride) {
    for (std::size_t p = 0; p < pixels / 2; ++p) {
      for (std::size_t plane = 0; plane < 6; ++plane) to[plane * stride + p] = row[6 * p + plane];
    }
  }
};

}  // namespace

#include "kernels.inl"

const Kernels* const compiled_avx2 = &kKernels;

}  // namespace pyro::infer

#else

namespace pyro::infer {
const Kernels* const compiled_avx2 = nullptr;
}  // namespace pyro::infer

#endif
