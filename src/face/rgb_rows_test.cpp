#include "rgb_rows.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "testing/frame_fixture.hpp"

namespace pyro::face {
namespace {

using records::ColourMatrix;
using testing::Pixels;

std::array<int, 3> colours(Rgbx pixel) {
  return {static_cast<int>(pixel & 255), static_cast<int>(pixel >> 8 & 255),
          static_cast<int>(pixel >> 16 & 255)};
}

// One pixel of these code values.
records::Frame pixel(std::uint8_t y, std::uint8_t u, std::uint8_t v, ColourMatrix matrix, bool full_range) {
  records::Frame frame = testing::make_frame({y, u, v}, 1, 1, Pixels::yuv420);
  frame.matrix = matrix;
  frame.full_range = full_range;
  return frame;
}

// ITU-R BT.601/709/2020 in floating point.
std::array<double, 3> by_the_standard(int y, int u, int v, double kr, double kb, bool full_range) {
  const double l = full_range ? y : (y - 16) * 255.0 / 219;
  const double chroma = full_range ? 1 : 255.0 / 224, cb = (u - 128) * chroma, cr = (v - 128) * chroma;
  const double r = l + 2 * (1 - kr) * cr, b = l + 2 * (1 - kb) * cb;
  return {r, (l - kr * r - kb * b) / (1 - kr - kb), b};
}

TEST(RgbRows, StaysWithinTwoLevelsOfTheStandard) {
  const std::array matrices{std::tuple{ColourMatrix::bt601, 0.299, 0.114},
                            std::tuple{ColourMatrix::bt709, 0.2126, 0.0722},
                            std::tuple{ColourMatrix::bt2020, 0.2627, 0.0593}};
  for (const auto& [matrix, kr, kb] : matrices) {
    for (const bool full_range : {false, true}) {
      for (int y = 16; y <= 235; y += 3) {
        for (int u = 16; u <= 240; u += 16) {
          for (int v = 16; v <= 240; v += 16) {
            const auto frame = pixel(static_cast<std::uint8_t>(y), static_cast<std::uint8_t>(u),
                                     static_cast<std::uint8_t>(v), matrix, full_range);
            const auto got = colours(RgbRows(frame).at(0, 0));
            const auto expected = by_the_standard(y, u, v, kr, kb, full_range);
            for (std::size_t c = 0; c < 3; ++c) {
              // Each product is cut off, green has three of them.
              const double limited = std::clamp(expected[c], 0.0, 255.0);
              EXPECT_LE(got[c], limited + 0.5);
              EXPECT_GE(got[c], limited - 3.1);
            }
          }
        }
      }
    }
  }
}

TEST(RgbRows, BlackGreyAndWhite) {
  EXPECT_EQ(colours(RgbRows(pixel(16, 128, 128, ColourMatrix::bt709, false)).at(0, 0)),
            (std::array{0, 0, 0}));
  EXPECT_EQ(colours(RgbRows(pixel(200, 128, 128, ColourMatrix::bt601, true)).at(0, 0)),
            (std::array{200, 200, 200}));
  // 219 × 8 × 9539 / 65536 = 255.01, cut off
  EXPECT_EQ(colours(RgbRows(pixel(235, 128, 128, ColourMatrix::bt601, false)).at(0, 0)),
            (std::array{255, 255, 255}));
}

TEST(RgbRows, ARowIsItsPixels) {
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    const int width = 1 + static_cast<int>(random() % 70), height = 1 + static_cast<int>(random() % 5);
    const bool packed = round % 5 == 0;
    const int chroma = ((width + 1) / 2) * ((height + 1) / 2);
    std::vector<std::uint8_t> bytes(
        static_cast<std::size_t>(packed ? 3 * width * height : width * height + 2 * chroma));
    for (auto& value : bytes) value = static_cast<std::uint8_t>(random());
    auto frame = testing::make_frame(std::move(bytes), width, height, packed ? Pixels::rgb : Pixels::yuv420);
    if (round % 7 == 1) frame.u = frame.v = {};
    frame.full_range = round % 2 == 0;
    const int y = static_cast<int>(random() % static_cast<unsigned>(height));
    const int first = static_cast<int>(random() % static_cast<unsigned>(width));
    const int last = first + static_cast<int>(random() % static_cast<unsigned>(width - first + 1));
    const RgbRows rows(frame);
    std::vector<Rgbx> row(static_cast<std::size_t>(last - first));
    rows.read(y, first, last, row.data());
    for (int x = first; x < last; ++x) EXPECT_EQ(row[static_cast<std::size_t>(x - first)], rows.at(x, y));
  }
}

TEST(RgbWindow, BeyondTheFrameItIsBlack) {
  std::vector<std::uint8_t> bytes(std::size_t{4} * 3 * 3, 77);
  const auto frame = testing::make_frame(std::move(bytes), 4, 3, Pixels::rgb);
  RgbWindow window;
  window.fill(frame, -1, -1, 5, 4);
  for (int y = -1; y < 4; ++y) {
    for (int x = -1; x < 5; ++x) {
      const bool inside = x >= 0 && y >= 0 && x < 4 && y < 3;
      EXPECT_EQ(window.at(x, y), inside ? 0x4d4d4dU : 0U);
    }
  }
  EXPECT_EQ(window.at(900, 1), 0U);
  window.fill(frame, 1, 1, 3, 2);
  EXPECT_EQ(window.at(900, -5), 0x4d4d4dU);
}

// The bytes that ffmpeg (and OpenCV through the same library) makes of a real frame.
TEST(RgbRows, EqualFfmpegsOwnConversion) {
  const auto clip = testing::shared_data() / "videos/pyfeat_wolfganglanger.mp4";
  if (!std::filesystem::exists(clip)) GTEST_SKIP() << clip << " is missing: set PYROMETER_SHARED";
  testing::FrameReader planes(clip, Pixels::yuv420, 640, 360, 100),
      reference(clip, Pixels::rgb, 640, 360, 100);
  records::Frame yuv, rgb;
  ASSERT_TRUE(planes.next(yuv) && reference.next(rgb));
  const RgbRows ours(yuv), theirs(rgb);
  int different = 0;
  for (int y = 0; y < 360; ++y) {
    for (int x = 0; x < 640; ++x) different += ours.at(x, y) != theirs.at(x, y);
  }
  EXPECT_EQ(different, 0);
}

}  // namespace
}  // namespace pyro::face
