// The kernels for AVX-512. Compiled for it as a file: only headers of which no function is used may be
// included here besides the intrinsics.
#include "kernels.hpp"

#if defined(__AVX512F__)

#include <immintrin.h>

#include <utility>

namespace pyro::infer {
namespace {

struct Simd {
  static constexpr const char* kName = "avx512";
  using V = __m512;
  static constexpr std::size_t kWidth = 16, kBlock = 8, kTile = 2, kMostPixels = 12;

  static V zero() { return _mm512_setzero_ps(); }
  static V all(float value) { return _mm512_set1_ps(value); }
  static V load(const float* from) { return _mm512_loadu_ps(from); }
  static void store(float* to, V value) { _mm512_storeu_ps(to, value); }
  static V add(V a, V b) { return _mm512_add_ps(a, b); }
  static V sub(V a, V b) { return _mm512_sub_ps(a, b); }
  static V mul(V a, V b) { return _mm512_mul_ps(a, b); }
  static V max(V a, V b) { return _mm512_max_ps(a, b); }
  static V fma(V a, V b, V c) { return _mm512_fmadd_ps(a, b, c); }
  static V leaky(V value, V slope) {
    return _mm512_mask_mul_ps(value, _mm512_cmp_ps_mask(value, zero(), _CMP_LT_OQ), value, slope);
  }
  static V from_half(const std::uint16_t* from) {
    return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)));
  }
  static void split(const float* from, V& even, V& odd) {
    const __m512i evens = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    const __m512i odds = _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
    const V a = load(from), b = load(from + kWidth);
    even = _mm512_permutex2var_ps(a, evens, b);
    odd = _mm512_permutex2var_ps(a, odds, b);
  }

  // A row's vectors with their left and right neighbours. Each is loaded once: a shifted load of 64 bytes
  // would always straddle two cache lines.
  class Window {
   public:
    explicit Window(const float* row) : ahead_(row), before_(load(row - kWidth)), now_(load(row)) {}
    void next(V& left, V& here, V& right) {
      ahead_ += kWidth;
      const V after = load(ahead_);
      left = shifted<15>(before_, now_);
      here = now_;
      right = shifted<1>(now_, after);
      before_ = now_;
      now_ = after;
    }

   private:
    template <int By>
    static V shifted(V low, V high) {
      return _mm512_castsi512_ps(
          _mm512_alignr_epi32(_mm512_castps_si512(high), _mm512_castps_si512(low), By));
    }
    const float* ahead_;
    V before_, now_;
  };

  // 16 pixels of each plane come out of six vectors, of which each holds a fixed third.
  static void split_rgb(const float* row, std::size_t pixels, float* to, std::size_t stride) {
    for (std::size_t p = 0; p < pixels; p += 2 * planes::kLanes) {
      const float* from = row + 3 * p;
      __m512 in[6];
      for (int i = 0; i < 6; ++i) in[i] = _mm512_loadu_ps(from + std::ptrdiff_t{16} * i);
      const __m512i step = _mm512_setr_epi32(0, 6, 12, 18, 24, 30, 36, 42, 48, 54, 60, 66, 72, 78, 84, 90);
      for (int plane = 0; plane < 6; ++plane) {
        const __m512i at = _mm512_add_epi32(step, _mm512_set1_epi32(plane));
        // Indices are taken modulo 32, so each pair of vectors answers for its 32 floats.
        __m512 out = _mm512_permutex2var_ps(in[0], at, in[1]);
        out = _mm512_mask_mov_ps(out, _mm512_cmpge_epi32_mask(at, _mm512_set1_epi32(32)),
                                 _mm512_permutex2var_ps(in[2], at, in[3]));
        out = _mm512_mask_mov_ps(out, _mm512_cmpge_epi32_mask(at, _mm512_set1_epi32(64)),
                                 _mm512_permutex2var_ps(in[4], at, in[5]));
        _mm512_storeu_ps(to + static_cast<std::size_t>(plane) * stride + p / 2, out);
      }
    }
  }
};

}  // namespace

#include "kernels.inl"

const Kernels* const compiled_avx512 = &kKernels;

}  // namespace pyro::infer

#else

namespace pyro::infer {
const Kernels* const compiled_avx512 = nullptr;
}  // namespace pyro::infer

#endif
