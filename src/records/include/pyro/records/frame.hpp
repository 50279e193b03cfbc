// One picture of a source, upright, in 8-bit YUV as it was decoded: nobody converts pixels that nobody reads.
// Stills have their RGB besides: reference figures are made from it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "pyro/base/time.hpp"

namespace pyro::records {

struct Plane {
  const std::uint8_t* data = nullptr;
  std::ptrdiff_t stride_bytes = 0;

  [[nodiscard]] const std::uint8_t* row(int y) const { return data + y * stride_bytes; }
};

enum class ColourMatrix : std::uint8_t { bt601, bt709, bt2020 };

// Planar 8-bit YUV: luma width × height, chroma planes shifted right by the chroma shifts (1,1 = 4:2:0; 0,0 =
// 4:4:4). A grey picture has u.data == v.data == nullptr. The pixels live as long as a copy of `pixels` does;
// a Frame is cheap to copy (no pixel is copied) and safe to read from several threads.
struct Frame {
  std::int64_t index = 0;  // 0-based, in order of presentation
  Seconds time{0};         // presentation time from the start of the source
  UtcTime utc{};   // wall clock of the same instant (files: their creation time when they tell it, else start
                   // of the run)
  int width = 0;   // px
  int height = 0;  // px
  Plane y, u, v;
  // The same picture as packed 8-bit R, G, B, 3 x width bytes a row; null except for picture files and
  // folders of them, whose exact colours are known (pyro/capture/source.hpp says of which kinds).
  Plane rgb;
  std::uint8_t chroma_shift_x = 1;
  std::uint8_t chroma_shift_y = 1;
  ColourMatrix matrix = ColourMatrix::bt601;
  bool full_range = false;  // false: luma 16..235
  std::shared_ptr<const void> pixels;
};

}  // namespace pyro::records
