// A turned square of the frame as the RGB floats that a network takes. Private to the room.
//
// Sampling is the reference runtime's: pixel (column j, row i) of an n×n crop lies at
// centre + R(angle)·((j/n − ½)·size, (i/n − ½)·size), where pixel k of the frame lies at coordinate k;
// bilinear between neighbouring 8-bit pixels on a grid of 1/32 pixel, the sum rounded to 8 bits. The networks
// are so sensitive to it that without that grid landmarks move by tenths of a pixel.
#pragma once

#include <span>

#include "pyro/records/face.hpp"
#include "pyro/records/frame.hpp"
#include "rgb_rows.hpp"

namespace pyro::face {

enum class Border {
  replicate,  // outside the frame the nearest pixel of it is taken
  black       // outside is 0
};

struct CropSpec {
  int side = 0;  // n: width and height of the crop
  Border border = Border::replicate;
  float scale = 1, offset = 0;  // value written = 0..255 × scale + offset
};

// Where the crop's pixels lie: pixel (j, i) at (x + cos·j − sin·i, y + sin·j + cos·i), all in 1/32 pixel of
// the frame.
struct AffineGrid {
  double x = 0, y = 0, cos = 0, sin = 0;
  bool usable = false;  // false: the region is not finite or absurdly far away

  AffineGrid(const records::FaceRegion& region, int side);
};

// One per network and thread: keeps the part of the frame that the last crop read.
class Cropper {
 public:
  // Writes n × n × 3 floats (R, G, B of each pixel). Never reads outside the frame's planes, wherever the
  // region is. An unusable region gives `offset` everywhere.
  void crop(const records::Frame& frame, const records::FaceRegion& region, const CropSpec& spec,
            std::span<float> out);

 private:
  RgbWindow window_;
};

}  // namespace pyro::face
