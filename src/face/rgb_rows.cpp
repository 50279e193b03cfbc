#include "rgb_rows.hpp"

#include <algorithm>
#include <cmath>

#if defined(__SSE2__)
#include <emmintrin.h>

#include <cstring>
#endif

namespace pyro::face {
namespace {

constexpr Rgbx packed(int r, int g, int b) {
  const auto byte = [](int value) { return static_cast<Rgbx>(std::clamp(value, 0, 255)); };
  return byte(r) | byte(g) << 8 | byte(b) << 16;
}

}  // namespace

RgbRows::RgbRows(const records::Frame& frame) : frame_(frame), factors_(factors_of(frame)) {}

RgbRows::Factors RgbRows::factors_of(const records::Frame& frame) {
  double kr = 0.299, kb = 0.114;
  if (frame.matrix == records::ColourMatrix::bt709) kr = 0.2126, kb = 0.0722;
  if (frame.matrix == records::ColourMatrix::bt2020) kr = 0.2627, kb = 0.0593;
  const double kg = 1 - kr - kb;
  // swscale keeps the factors of limited range as integers of 1/65536 first.
  const auto factor = [&](double of_full_range, bool chroma) {
    auto whole = std::llround(of_full_range * 65536 * (chroma ? 255.0 / 224 : 1));
    if (frame.full_range && chroma) whole = whole * 224 / 255;
    if (!frame.full_range && !chroma) whole = whole * 255 / 219;
    // 13 bits remain; halves go up, also below zero.
    return static_cast<std::int16_t>((whole + 4) >> 3);
  };
  const double red_v = 2 * (1 - kr), blue_u = 2 * (1 - kb);
  return {.light = factor(1, false),
          .black = static_cast<std::int16_t>(frame.full_range ? 0 : 16 << 3),
          .red_v = factor(red_v, true),
          .green_u = factor(-blue_u * kb / kg, true),
          .green_v = factor(-red_v * kr / kg, true),
          .blue_u = factor(blue_u, true)};
}

Rgbx RgbRows::convert(int y, int u, int v) const {
  const auto times = [](int value, std::int16_t factor) { return (value * factor) >> 16; };
  const int light = times((y << 3) - factors_.black, factors_.light);
  const int cb = (u - 128) * 8, cr = (v - 128) * 8;
  return packed(light + times(cr, factors_.red_v),
                light + times(cb, factors_.green_u) + times(cr, factors_.green_v),
                light + times(cb, factors_.blue_u));
}

Rgbx RgbRows::at(int x, int y) const {
  if (frame_.rgb.data != nullptr) {
    const std::uint8_t* p = frame_.rgb.row(y) + std::ptrdiff_t{3} * x;
    return packed(p[0], p[1], p[2]);
  }
  const int luma = frame_.y.row(y)[x];
  if (frame_.u.data == nullptr || frame_.v.data == nullptr) return convert(luma, 128, 128);
  const int cx = x >> frame_.chroma_shift_x, cy = y >> frame_.chroma_shift_y;
  return convert(luma, frame_.u.row(cy)[cx], frame_.v.row(cy)[cx]);
}

void RgbRows::read(int y, int first, int last, Rgbx* out) const {
  int x = first;
#if defined(__SSE2__)
  const bool coloured = frame_.u.data != nullptr && frame_.v.data != nullptr;
  if (frame_.rgb.data == nullptr && coloured && frame_.chroma_shift_x == 1) {
    // Eight pixels over four chroma samples, from an even column on.
    for (; x < last && (x & 1) != 0; ++x) *out++ = at(x, y);
    const std::uint8_t* luma = frame_.y.row(y);
    const std::uint8_t* u = frame_.u.row(y >> frame_.chroma_shift_y);
    const std::uint8_t* v = frame_.v.row(y >> frame_.chroma_shift_y);
    const __m128i zero = _mm_setzero_si128();
    const __m128i grey = _mm_set1_epi16(128 << 3), black = _mm_set1_epi16(factors_.black);
    const __m128i light = _mm_set1_epi16(factors_.light), red_v = _mm_set1_epi16(factors_.red_v);
    const __m128i green_u = _mm_set1_epi16(factors_.green_u), green_v = _mm_set1_epi16(factors_.green_v);
    const __m128i blue_u = _mm_set1_epi16(factors_.blue_u);
    const auto chroma_of = [&](const std::uint8_t* from) {
      int four = 0;
      std::memcpy(&four, from, sizeof four);
      const __m128i bytes = _mm_cvtsi32_si128(four);
      const __m128i twice = _mm_unpacklo_epi8(_mm_unpacklo_epi8(bytes, bytes), zero);
      return _mm_sub_epi16(_mm_slli_epi16(twice, 3), grey);
    };
    for (; x + 8 <= last; x += 8, out += 8) {
      const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(luma + x));
      const __m128i l =
          _mm_mulhi_epi16(_mm_sub_epi16(_mm_slli_epi16(_mm_unpacklo_epi8(bytes, zero), 3), black), light);
      const __m128i cb = chroma_of(u + (x >> 1)), cr = chroma_of(v + (x >> 1));
      const __m128i r = _mm_add_epi16(l, _mm_mulhi_epi16(cr, red_v));
      const __m128i g =
          _mm_add_epi16(l, _mm_add_epi16(_mm_mulhi_epi16(cb, green_u), _mm_mulhi_epi16(cr, green_v)));
      const __m128i b = _mm_add_epi16(l, _mm_mulhi_epi16(cb, blue_u));
      const __m128i red_blue = _mm_packus_epi16(r, b), green = _mm_packus_epi16(g, zero);
      const __m128i rg = _mm_unpacklo_epi8(red_blue, green);
      const __m128i bx = _mm_unpacklo_epi8(_mm_srli_si128(red_blue, 8), zero);
      _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm_unpacklo_epi16(rg, bx));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 4), _mm_unpackhi_epi16(rg, bx));
    }
  }
#endif
  for (; x < last; ++x) *out++ = at(x, y);
}

void RgbWindow::fill(const records::Frame& frame, int left, int top, int right, int bottom) {
  left_ = left, top_ = top, width_ = right - left, height_ = bottom - top;
  const auto count = static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_);
  if (pixels_.size() < count)
    pixels_.resize(count + count / 2);  // a face that comes nearer grows it a few times only
  const RgbRows rows(frame);
  const int first = std::max(left, 0), last = std::min(right, frame.width);
  for (int y = top; y < bottom; ++y) {
    Rgbx* out = pixels_.data() + static_cast<std::ptrdiff_t>(y - top) * width_;
    if (y < 0 || y >= frame.height || first >= last) {
      std::fill_n(out, width_, Rgbx{0});
      continue;
    }
    if (left < 0) std::fill_n(out, first - left, Rgbx{0});
    if (right > last) std::fill_n(out + (last - left), right - last, Rgbx{0});
    rows.read(y, first, last, out + (first - left));
  }
}

Rgbx RgbWindow::at(int x, int y) const {
  return row(std::clamp(y, top_, top_ + height_ - 1))[std::clamp(x - left_, 0, width_ - 1)];
}

}  // namespace pyro::face
