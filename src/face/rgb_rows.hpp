// The frame's pixels as 8-bit R, G, B, row by row. Private to the room.
//
// A still's own RGB is taken as it is. YUV is converted with swscale's default arithmetic (13-bit factors,
// each product cut off, the nearest chroma sample), so a network sees exactly the bytes that it would get
// from OpenCV's VideoCapture or from `ffmpeg -pix_fmt rgb24`: the mesh answers a difference of a twentieth of
// a grey level with up to a pixel. Factors follow from Kr and Kb of ITU-R BT.601, BT.709 and BT.2020.
#pragma once

#include <cstdint>
#include <vector>

#include "pyro/records/frame.hpp"

namespace pyro::face {

// One pixel: red in the lowest byte, then green, blue, and 0.
using Rgbx = std::uint32_t;

class RgbRows {
 public:
  explicit RgbRows(const records::Frame& frame);

  // Pixels [first, last) of row y into out; all inside the frame.
  void read(int y, int first, int last, Rgbx* out) const;
  // Pixel (x, y), inside the frame.
  [[nodiscard]] Rgbx at(int x, int y) const;

 private:
  // 16-bit factors and offsets of the high half of a 16 × 16 bit product.
  struct Factors {
    std::int16_t light, black;  // black: 8 × the code value of black
    std::int16_t red_v, green_u, green_v, blue_u;
  };
  static Factors factors_of(const records::Frame& frame);
  [[nodiscard]] Rgbx convert(int y, int u, int v) const;

  const records::Frame& frame_;
  Factors factors_;
};

// A rectangle of the frame as Rgbx, kept between frames so that nothing is allocated in steady state. It may
// reach one pixel beyond each border of the frame; there it is black.
class RgbWindow {
 public:
  // The rectangle [left, right) × [top, bottom).
  void fill(const records::Frame& frame, int left, int top, int right, int bottom);

  [[nodiscard]] const Rgbx* row(int y) const {
    return pixels_.data() + static_cast<std::ptrdiff_t>(y - top_) * width_;
  }
  // The pixel of the frame's coordinates; beyond the window the nearest one of it.
  [[nodiscard]] Rgbx at(int x, int y) const;
  [[nodiscard]] int left() const { return left_; }
  [[nodiscard]] int top() const { return top_; }
  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int height() const { return height_; }

 private:
  int left_ = 0, top_ = 0, width_ = 0, height_ = 0;
  std::vector<Rgbx> pixels_;
};

}  // namespace pyro::face
