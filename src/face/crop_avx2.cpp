// The crop of planar YUV, eight pixels at a time. Same results as the plain code in crop.cpp up to float
// rounding.
#include "crop_avx2.hpp"

#if defined(__x86_64__)

#include <immintrin.h>

#include <cmath>

namespace pyro::face {

// After the includes, so that no function of theirs is compiled for processors that the rest does not need.
#pragma GCC push_options
#pragma GCC target("avx2,fma")

namespace {

struct VectorPlane {
  const std::uint8_t* data;
  __m256i stride, last_x, last_y, last_load;

  VectorPlane(const records::Plane& plane, int width, int height)
      : data(plane.data),
        stride(_mm256_set1_epi32(static_cast<int>(plane.stride_bytes))),
        last_x(_mm256_set1_epi32(width - 1)),
        last_y(_mm256_set1_epi32(height - 1)),
        last_load(_mm256_set1_epi32(width - 4)) {}
};

inline __m256i limited(__m256i value, __m256i last) {
  return _mm256_min_epi32(_mm256_max_epi32(value, _mm256_setzero_si256()), last);
}

// Four neighbours each, weighted; Σ weights = 1024. Positions in 1/32 pixel, outside the nearest pixel
// counts. Each gather reads four bytes of a row that hold both horizontal neighbours and never leave the row.
struct Taps {
  __m256i top_offset, bottom_offset, shift_a, shift_b, weights_x, weights_y;

  Taps(const VectorPlane& plane, __m256i x32, __m256i y32) {
    const __m256i one = _mm256_set1_epi32(1), low = _mm256_set1_epi32(31), whole = _mm256_set1_epi32(32);
    const __m256i x = _mm256_srai_epi32(x32, 5), y = _mm256_srai_epi32(y32, 5);
    const __m256i fx = _mm256_and_si256(x32, low), fy = _mm256_and_si256(y32, low);
    const __m256i xa = limited(x, plane.last_x), xb = limited(_mm256_add_epi32(x, one), plane.last_x);
    const __m256i ya = limited(y, plane.last_y), yb = limited(_mm256_add_epi32(y, one), plane.last_y);
    const __m256i load = _mm256_min_epi32(xa, plane.last_load);
    shift_a = _mm256_slli_epi32(_mm256_sub_epi32(xa, load), 3);
    shift_b = _mm256_slli_epi32(_mm256_sub_epi32(xb, load), 3);
    // Rows and strides are below 32768 (see crop_fits_vectors), so that a 16-bit multiplication serves.
    top_offset = _mm256_add_epi32(_mm256_madd_epi16(ya, plane.stride), load);
    bottom_offset = _mm256_add_epi32(_mm256_madd_epi16(yb, plane.stride), load);
    weights_x = _mm256_or_si256(_mm256_sub_epi32(whole, fx), _mm256_slli_epi32(fx, 16));
    weights_y = _mm256_or_si256(_mm256_sub_epi32(whole, fy), _mm256_slli_epi32(fy, 16));
  }

  [[nodiscard]] __m256i row(const std::uint8_t* data, __m256i row_offset) const {
    const __m256i byte = _mm256_set1_epi32(255);
    const __m256i four = _mm256_i32gather_epi32(reinterpret_cast<const int*>(data), row_offset, 1);
    const __m256i a = _mm256_and_si256(_mm256_srlv_epi32(four, shift_a), byte);
    const __m256i b = _mm256_and_si256(_mm256_srlv_epi32(four, shift_b), byte);
    return _mm256_madd_epi16(_mm256_or_si256(a, _mm256_slli_epi32(b, 16)), weights_x);
  }
  [[nodiscard]] __m256 sample(const std::uint8_t* data) const {
    const __m256i top = row(data, top_offset), bottom = row(data, bottom_offset);
    return _mm256_cvtepi32_ps(
        _mm256_madd_epi16(_mm256_or_si256(top, _mm256_slli_epi32(bottom, 16)), weights_y));
  }
};

// Three colours' values at these places, taken in turn: a at 0, 3, 6, c at 1, 4, 7, d at 2, 5 of the eight.
inline __m256 mixed(__m256i index, __m256 a, __m256 c, __m256 d) {
  constexpr int kFromC = 0b10010010, kFromD = 0b00100100;
  const __m256 two =
      _mm256_blend_ps(_mm256_permutevar8x32_ps(a, index), _mm256_permutevar8x32_ps(c, index), kFromC);
  return _mm256_blend_ps(two, _mm256_permutevar8x32_ps(d, index), kFromD);
}

// Eight pixels' colours, interleaved.
inline void store_interleaved(float* out, __m256 r, __m256 g, __m256 b) {
  const __m256i first = _mm256_setr_epi32(0, 0, 0, 1, 1, 1, 2, 2);
  const __m256i second = _mm256_setr_epi32(2, 3, 3, 3, 4, 4, 4, 5);
  const __m256i third = _mm256_setr_epi32(5, 5, 6, 6, 6, 7, 7, 7);
  _mm256_storeu_ps(out, mixed(first, r, g, b));
  _mm256_storeu_ps(out + 8, mixed(second, b, r, g));
  _mm256_storeu_ps(out + 16, mixed(third, g, b, r));
}

// Places of eight pixels of a row. Product and sum apart, as the plain code rounds them.
inline __m256i places(__m256d step, __m256d row, __m256d j0, __m256d j1) {
  return _mm256_set_m128i(_mm256_cvtpd_epi32(_mm256_add_pd(row, _mm256_mul_pd(step, j1))),
                          _mm256_cvtpd_epi32(_mm256_add_pd(row, _mm256_mul_pd(step, j0))));
}

// A colour limited to 0..255 and brought into the network's range.
struct Finish {
  __m256 scale, offset, zero, white;

  explicit Finish(const CropSpec& spec)
      : scale(_mm256_set1_ps(spec.scale)),
        offset(_mm256_set1_ps(spec.offset)),
        zero(_mm256_setzero_ps()),
        white(_mm256_set1_ps(255)) {}
  [[nodiscard]] __m256 of(__m256 value) const {
    return _mm256_fmadd_ps(_mm256_min_ps(_mm256_max_ps(value, zero), white), scale, offset);
  }
};

}  // namespace

void crop_yuv_avx2(const records::Frame& frame, const AffineGrid& grid, const CropSpec& spec, float* out) {
  const YuvToRgb colours(frame);
  const ChromaLayout chroma(frame);
  const VectorPlane luma(frame.y, frame.width, frame.height);
  const VectorPlane blue(frame.u, chroma.width, chroma.height);
  const __m256i back_x = _mm256_set1_epi32(chroma.back_x), back_y = _mm256_set1_epi32(chroma.back_y);
  const __m128i shift_x = _mm_cvtsi32_si128(chroma.shift_x), shift_y = _mm_cvtsi32_si128(chroma.shift_y);

  const __m256 light = _mm256_set1_ps(colours.light() / 1024);
  const __m256 black = _mm256_set1_ps(-colours.black() * colours.light());
  const __m256 grey = _mm256_set1_ps(-128 * 1024);
  const __m256 red_v = _mm256_set1_ps(colours.red_v() / 1024),
               blue_u = _mm256_set1_ps(colours.blue_u() / 1024);
  const __m256 green_u = _mm256_set1_ps(colours.green_u() / 1024);
  const __m256 green_v = _mm256_set1_ps(colours.green_v() / 1024);
  const Finish finish(spec);

  const __m256d cos = _mm256_set1_pd(grid.cos), sin = _mm256_set1_pd(grid.sin);
  const __m256d count = _mm256_setr_pd(0, 1, 2, 3), four = _mm256_set1_pd(4);
  for (int i = 0; i < spec.side; ++i) {
    const __m256d x_row = _mm256_set1_pd(grid.x - grid.sin * i),
                  y_row = _mm256_set1_pd(grid.y + grid.cos * i);
    for (int j = 0; j < spec.side; j += 8, out += 24) {
      const __m256d j0 = _mm256_add_pd(_mm256_set1_pd(j), count), j1 = _mm256_add_pd(j0, four);
      const __m256i x32 = places(cos, x_row, j0, j1), y32 = places(sin, y_row, j0, j1);
      const __m256 l = _mm256_fmadd_ps(Taps(luma, x32, y32).sample(luma.data), light, black);
      const Taps taps(blue, _mm256_sra_epi32(_mm256_sub_epi32(x32, back_x), shift_x),
                      _mm256_sra_epi32(_mm256_sub_epi32(y32, back_y), shift_y));
      const __m256 u = _mm256_add_ps(taps.sample(frame.u.data), grey);
      const __m256 v = _mm256_add_ps(taps.sample(frame.v.data), grey);
      store_interleaved(out, finish.of(_mm256_fmadd_ps(v, red_v, l)),
                        finish.of(_mm256_fmadd_ps(u, green_u, _mm256_fmadd_ps(v, green_v, l))),
                        finish.of(_mm256_fmadd_ps(u, blue_u, l)));
    }
  }
}

#pragma GCC pop_options

bool crop_fits_avx2(const records::Frame& frame, const CropSpec& spec) {
  static const bool available = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const ChromaLayout chroma(frame);
  constexpr int kMost = 32767;
  const auto strides_fit = [](const records::Plane& plane) {
    return plane.stride_bytes > 0 && plane.stride_bytes <= kMost;
  };
  return available && chroma.present && spec.border == Border::replicate && spec.side % 8 == 0 &&
         chroma.width >= 4 && frame.width >= 4 && frame.width <= kMost && frame.height <= kMost &&
         strides_fit(frame.y) && strides_fit(frame.u) && frame.u.stride_bytes == frame.v.stride_bytes;
}

}  // namespace pyro::face

#else

namespace pyro::face {
bool crop_fits_avx2(const records::Frame&, const CropSpec&) {
  return false;
}
void crop_yuv_avx2(const records::Frame&, const AffineGrid&, const CropSpec&, float*) {}
}  // namespace pyro::face

#endif
