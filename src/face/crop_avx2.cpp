// The crop's sampling, eight pixels at a time. Same results as the plain code in crop.cpp.
#include "crop_avx2.hpp"

#if defined(__x86_64__)

#include <immintrin.h>

#include <cmath>

namespace pyro::face {

// After the includes, so that no function of theirs is compiled for processors that the rest does not need.
#pragma GCC push_options
#pragma GCC target("avx2,fma")

namespace {

// Places of eight pixels of a row, in 1/32 pixel. Product and sum apart, as the plain code rounds them.
inline __m256i places(__m256d step, __m256d row, __m256d j0, __m256d j1) {
  return _mm256_set_m128i(_mm256_cvtpd_epi32(_mm256_add_pd(row, _mm256_mul_pd(step, j1))),
                          _mm256_cvtpd_epi32(_mm256_add_pd(row, _mm256_mul_pd(step, j0))));
}

inline __m256i limited(__m256i value, __m256i last) {
  return _mm256_min_epi32(_mm256_max_epi32(value, _mm256_setzero_si256()), last);
}

// Between two horizontal neighbours: 16-bit sums R, G, B, 0 of four pixels. weights: (32 − f) | f << 8 in
// each 16 bits.
inline __m256i between(__m256i neighbours, __m256i weights) {
  return _mm256_maddubs_epi16(neighbours, weights);
}

// Four pixels, two of each half of the vector: rounded colours to the network's numbers.
struct Finish {
  __m256 scale, offset;
  __m256i half = _mm256_set1_epi32(512);

  // top, bottom: R0 G0 B0 0 R1 G1 B1 0 in each half. weights: (32 − f) | f << 16 in each 32 bits, of pixel 0
  // or 1.
  [[nodiscard]] __m256 of(__m256i top_bottom, __m256i weights) const {
    const __m256i sum = _mm256_srli_epi32(_mm256_add_epi32(_mm256_madd_epi16(top_bottom, weights), half), 10);
    return _mm256_add_ps(_mm256_mul_ps(_mm256_cvtepi32_ps(sum), scale), offset);
  }
};

// R, G, B, 0 of one pixel; the fourth value is overwritten by the next pixel.
inline void store(float* out, __m128 pixel) {
  _mm_storeu_ps(out, pixel);
}
inline void store_last(float* out, __m128 pixel) {
  _mm_storel_pi(reinterpret_cast<__m64*>(out), pixel);
  _mm_store_ss(out + 2, _mm_movehl_ps(pixel, pixel));
}

}  // namespace

void sample_avx2(const RgbWindow& window, const AffineGrid& grid, const CropSpec& spec, float* out) {
  const auto* pixels = reinterpret_cast<const int*>(window.row(window.top()));
  const __m256i one = _mm256_set1_epi32(1), low = _mm256_set1_epi32(31), whole = _mm256_set1_epi32(32);
  const __m256i left = _mm256_set1_epi32(window.left()), top = _mm256_set1_epi32(window.top());
  const __m256i last_x = _mm256_set1_epi32(window.width() - 1),
                last_y = _mm256_set1_epi32(window.height() - 1);
  const __m256i width = _mm256_set1_epi32(window.width());
  const Finish finish{_mm256_set1_ps(spec.scale), _mm256_set1_ps(spec.offset)};
  const __m256d cos = _mm256_set1_pd(grid.cos), sin = _mm256_set1_pd(grid.sin);
  const __m256d count = _mm256_setr_pd(0, 1, 2, 3), four = _mm256_set1_pd(4);
  for (int i = 0; i < spec.side; ++i) {
    const __m256d x_row = _mm256_set1_pd(grid.x - grid.sin * i),
                  y_row = _mm256_set1_pd(grid.y + grid.cos * i);
    for (int j = 0; j < spec.side; j += 8, out += 24) {
      const __m256d j0 = _mm256_add_pd(_mm256_set1_pd(j), count), j1 = _mm256_add_pd(j0, four);
      const __m256i x32 = places(cos, x_row, j0, j1), y32 = places(sin, y_row, j0, j1);
      const __m256i x = _mm256_sub_epi32(_mm256_srai_epi32(x32, 5), left);
      const __m256i y = _mm256_sub_epi32(_mm256_srai_epi32(y32, 5), top);
      const __m256i xa = limited(x, last_x), xb = limited(_mm256_add_epi32(x, one), last_x);
      const __m256i ya = _mm256_mullo_epi32(limited(y, last_y), width);
      const __m256i yb = _mm256_mullo_epi32(limited(_mm256_add_epi32(y, one), last_y), width);
      const __m256i a = _mm256_i32gather_epi32(pixels, _mm256_add_epi32(ya, xa), 4);
      const __m256i b = _mm256_i32gather_epi32(pixels, _mm256_add_epi32(ya, xb), 4);
      const __m256i c = _mm256_i32gather_epi32(pixels, _mm256_add_epi32(yb, xa), 4);
      const __m256i d = _mm256_i32gather_epi32(pixels, _mm256_add_epi32(yb, xb), 4);

      // Weights of pixel k of each half: 32 bits of two or one factor, spread to all its colours below.
      const __m256i fx = _mm256_and_si256(x32, low), fy = _mm256_and_si256(y32, low);
      const __m256i wx8 = _mm256_or_si256(_mm256_sub_epi32(whole, fx), _mm256_slli_epi32(fx, 8));
      const __m256i wx = _mm256_or_si256(wx8, _mm256_slli_epi32(wx8, 16));
      const __m256i wy = _mm256_or_si256(_mm256_sub_epi32(whole, fy), _mm256_slli_epi32(fy, 16));

      // Pixels 0, 1 (and 4, 5 in the upper half), then 2, 3 (and 6, 7).
      const __m256i top01 = between(_mm256_unpacklo_epi8(a, b), _mm256_unpacklo_epi32(wx, wx));
      const __m256i top23 = between(_mm256_unpackhi_epi8(a, b), _mm256_unpackhi_epi32(wx, wx));
      const __m256i bottom01 = between(_mm256_unpacklo_epi8(c, d), _mm256_unpacklo_epi32(wx, wx));
      const __m256i bottom23 = between(_mm256_unpackhi_epi8(c, d), _mm256_unpackhi_epi32(wx, wx));
      const __m256 p04 = finish.of(_mm256_unpacklo_epi16(top01, bottom01), _mm256_shuffle_epi32(wy, 0x00));
      const __m256 p15 = finish.of(_mm256_unpackhi_epi16(top01, bottom01), _mm256_shuffle_epi32(wy, 0x55));
      const __m256 p26 = finish.of(_mm256_unpacklo_epi16(top23, bottom23), _mm256_shuffle_epi32(wy, 0xaa));
      const __m256 p37 = finish.of(_mm256_unpackhi_epi16(top23, bottom23), _mm256_shuffle_epi32(wy, 0xff));
      store(out, _mm256_castps256_ps128(p04));
      store(out + 3, _mm256_castps256_ps128(p15));
      store(out + 6, _mm256_castps256_ps128(p26));
      store(out + 9, _mm256_castps256_ps128(p37));
      store(out + 12, _mm256_extractf128_ps(p04, 1));
      store(out + 15, _mm256_extractf128_ps(p15, 1));
      store(out + 18, _mm256_extractf128_ps(p26, 1));
      store_last(out + 21, _mm256_extractf128_ps(p37, 1));
    }
  }
}

#pragma GCC pop_options

bool sampling_fits_avx2(const RgbWindow& window, const CropSpec& spec) {
  static const bool available = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  constexpr std::int64_t kMost = std::int64_t{1} << 30;  // indices are 32-bit
  return available && spec.side % 8 == 0 && std::int64_t{window.width()} * window.height() < kMost;
}

}  // namespace pyro::face

#else

namespace pyro::face {
bool sampling_fits_avx2(const RgbWindow&, const CropSpec&) {
  return false;
}
void sample_avx2(const RgbWindow&, const AffineGrid&, const CropSpec&, float*) {}
}  // namespace pyro::face

#endif
