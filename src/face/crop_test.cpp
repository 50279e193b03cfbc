#include "crop.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "colour.hpp"
#include "crop_avx2.hpp"
#include "testing/frame_fixture.hpp"

namespace pyro::face {
namespace {

using testing::Pixels;

// Bytes on the heap of exactly the needed size, so that the address sanitizer sees any step outside.
records::Frame noise(int width, int height, Pixels pixels, unsigned seed) {
  std::mt19937 random(seed);
  const int chroma = ((width + 1) / 2) * ((height + 1) / 2);
  const int bytes = pixels == Pixels::rgb ? width * height * 3 : width * height + 2 * chroma;
  std::vector<std::uint8_t> data(static_cast<std::size_t>(bytes));
  for (auto& value : data) value = static_cast<std::uint8_t>(random());
  return testing::make_frame(std::move(data), width, height, pixels);
}

// The definition in crop.hpp, pixel by pixel in floating point, on the grid of 1/32.
float plain(const records::Plane& plane, int width, int height, double x, double y, Border border, int step,
            float outside) {
  const double x0 = std::floor(x), y0 = std::floor(y), fx = x - x0, fy = y - y0;
  const auto pixel = [&](double px, double py) -> double {
    if (border == Border::black && (px < 0 || py < 0 || px >= width || py >= height)) {
      return static_cast<double>(outside);
    }
    const int cx = static_cast<int>(std::min<double>(std::max(px, 0.0), width - 1));
    const int cy = static_cast<int>(std::min<double>(std::max(py, 0.0), height - 1));
    return plane.row(cy)[cx * step];
  };
  return static_cast<float>((1 - fy) * ((1 - fx) * pixel(x0, y0) + fx * pixel(x0 + 1, y0)) +
                            fy * ((1 - fx) * pixel(x0, y0 + 1) + fx * pixel(x0 + 1, y0 + 1)));
}

void expect_as_defined(const records::Frame& frame, const records::FaceRegion& region, const CropSpec& spec) {
  const auto n = static_cast<std::size_t>(spec.side);
  std::vector<float> crop(n * n * 3, -7);
  crop_rgb(frame, region, spec, crop);
  const AffineGrid grid(region, spec.side);
  const YuvToRgb colours(frame);
  const ChromaLayout chroma(frame);
  float worst = 0;
  for (int i = 0; i < spec.side; ++i) {
    for (int j = 0; j < spec.side; ++j) {
      const int x = static_cast<int>(std::nearbyint((grid.x - grid.sin * i) + grid.cos * j));
      const int y = static_cast<int>(std::nearbyint((grid.y + grid.cos * i) + grid.sin * j));
      std::array<float, 3> expected{};
      if (frame.rgb.data != nullptr) {
        for (std::size_t c = 0; c < 3; ++c) {
          expected[c] = std::floor(plain({frame.rgb.data + c, frame.rgb.stride_bytes}, frame.width,
                                         frame.height, x / 32.0, y / 32.0, spec.border, 3, 0) +
                                   0.5F);
        }
      } else {
        const double cx = chroma.x(x) / 32.0, cy = chroma.y(y) / 32.0;
        expected = colours(
            plain(frame.y, frame.width, frame.height, x / 32.0, y / 32.0, spec.border, 1, colours.black()),
            plain(frame.u, chroma.width, chroma.height, cx, cy, spec.border, 1, 128),
            plain(frame.v, chroma.width, chroma.height, cx, cy, spec.border, 1, 128));
      }
      for (std::size_t c = 0; c < 3; ++c) {
        const float got = crop[(static_cast<std::size_t>(i) * n + static_cast<std::size_t>(j)) * 3 + c];
        worst = std::max(worst, std::abs(got - (expected[c] * spec.scale + spec.offset)));
      }
    }
  }
  EXPECT_LT(worst, 1e-3F) << "centre " << region.centre.x << "," << region.centre.y << " size " << region.size
                          << " angle " << region.angle_rad << " frame " << frame.width << "x" << frame.height;
}

TEST(Crop, EqualsItsDefinitionForRandomRegions) {
  std::mt19937 random(7);
  const auto between = [&](float low, float high) {
    return std::uniform_real_distribution<float>(low, high)(random);
  };
  for (int round = 0; round < 60; ++round) {
    const auto pixels = round % 3 == 0 ? Pixels::rgb : Pixels::yuv420;
    const int width = 1 + static_cast<int>(random() % 90), height = 1 + static_cast<int>(random() % 70);
    const auto frame = noise(width, height, pixels, random());
    const records::FaceRegion region{
        {between(-40, 120), between(-40, 120)}, between(1, 200), between(-3.2F, 3.2F)};
    const Border border = round % 2 == 0 ? Border::replicate : Border::black;
    expect_as_defined(frame, region, {round % 5 == 0 ? 31 : 32, border, 1 / 127.5F, -1});
  }
}

TEST(Crop, NeverReadsOutsideTheFrame) {
  for (const auto& [width, height] :
       {std::pair{1, 1}, std::pair{2, 2}, std::pair{3, 5}, std::pair{8, 8}, std::pair{64, 3}}) {
    for (const auto pixels : {Pixels::rgb, Pixels::yuv420}) {
      const auto frame = noise(width, height, pixels, 3);
      for (const float centre : {-1000.0F, -1.0F, 0.0F, 4.0F, 63.9F, 1e6F}) {
        for (const Border border : {Border::replicate, Border::black}) {
          expect_as_defined(frame, {{centre, centre / 2}, 12, 0.3F}, {16, border, 1, 0});
        }
      }
    }
  }
}

TEST(Crop, AnAbsurdRegionGivesAnEmptyCrop) {
  const auto frame = noise(16, 16, Pixels::yuv420, 5);
  std::vector<float> crop(16 * 16 * 3, 1);
  for (const float value : {NAN, INFINITY, 1e30F}) {
    crop_rgb(frame, {{value, 3}, 10, 0}, {16, Border::replicate, 1, 0}, crop);
    EXPECT_EQ(crop[0], 0);
    crop_rgb(frame, {{3, 3}, value, 0}, {16, Border::replicate, 1, 0}, crop);
    EXPECT_EQ(crop[100], 0);
  }
}

TEST(Crop, GreyPicturesHaveNoColour) {
  auto frame = noise(40, 40, Pixels::yuv420, 5);
  frame.u = frame.v = {};
  std::vector<float> crop(16 * 16 * 3);
  crop_rgb(frame, {{20, 20}, 30, 0.1F}, {16, Border::replicate, 1, 0}, crop);
  for (std::size_t i = 0; i < crop.size(); i += 3) {
    EXPECT_NEAR(crop[i], crop[i + 1], 1e-3);
    EXPECT_NEAR(crop[i], crop[i + 2], 1e-3);
  }
}

}  // namespace
}  // namespace pyro::face
