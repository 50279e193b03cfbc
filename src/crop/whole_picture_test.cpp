#include "pyro/crop/whole_picture.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace {

using pyro::crop::GreyFace;
using pyro::records::Frame;

Frame frame_of(const std::vector<std::uint8_t>& luma, int width, int height, bool full_range) {
  Frame frame;
  frame.width = width;
  frame.height = height;
  frame.y = {luma.data(), width};
  frame.full_range = full_range;
  return frame;
}

}  // namespace

TEST(Whole, LeavesA48PixelPictureAsItIs) {
  std::vector<std::uint8_t> luma(std::size_t{48} * 48);
  for (std::size_t i = 0; i < luma.size(); ++i) luma[i] = static_cast<std::uint8_t>(i * 7919 % 256);
  const GreyFace face = pyro::crop::whole(frame_of(luma, 48, 48, true));
  EXPECT_TRUE(std::equal(luma.begin(), luma.end(), face.pixels.begin()));
}

TEST(Whole, AveragesFootprintsOfUnevenSizes) {
  // 72 columns: every output pixel covers 1.5 of them. Columns 0, 1, 2 hold 30, 60, 90: the first pixel is
  // (30 + 60/2) / 1.5.
  std::vector<std::uint8_t> luma(std::size_t{72} * 96);
  for (std::size_t i = 0; i < luma.size(); ++i) luma[i] = static_cast<std::uint8_t>(30 + 30 * (i % 72 % 3));
  const GreyFace face = pyro::crop::whole(frame_of(luma, 72, 96, true));
  EXPECT_EQ(face.pixels[0], 40);
  EXPECT_EQ(face.pixels[1], 80);
  EXPECT_EQ(face.pixels[std::size_t{48} * 47], 40);
}

TEST(Whole, ExpandsLimitedRangeAndTakesTinyAndEmptyFrames) {
  EXPECT_EQ(pyro::crop::whole(frame_of({16}, 1, 1, false)).pixels[5], 0);
  EXPECT_EQ(pyro::crop::whole(frame_of({235}, 1, 1, false)).pixels[5], 255);
  EXPECT_EQ(pyro::crop::whole(frame_of({200}, 1, 1, true)).pixels[2303], 200);
  EXPECT_EQ(pyro::crop::whole(Frame{}).pixels[0], 0);
}

TEST(FrameOf, IsTheFaceAgainWhenReadAsAWhole) {
  GreyFace face;
  for (std::size_t i = 0; i < face.pixels.size(); ++i)
    face.pixels[i] = static_cast<std::uint8_t>(i * 7919 % 256);
  EXPECT_EQ(pyro::crop::whole(pyro::crop::frame_of(face)).pixels, face.pixels);
}
