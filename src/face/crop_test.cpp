#include "crop.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

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
double plain(const records::Frame& frame, double x, double y, Border border, int colour) {
  const RgbRows rows(frame);
  const auto pixel = [&](double px, double py) -> double {
    if (border == Border::black && (px < 0 || py < 0 || px >= frame.width || py >= frame.height)) return 0;
    const Rgbx value = rows.at(static_cast<int>(std::min(std::max(px, 0.0), frame.width - 1.0)),
                               static_cast<int>(std::min(std::max(py, 0.0), frame.height - 1.0)));
    return value >> (8 * colour) & 255;
  };
  const double x0 = std::floor(x), y0 = std::floor(y), fx = x - x0, fy = y - y0;
  return std::floor((1 - fy) * ((1 - fx) * pixel(x0, y0) + fx * pixel(x0 + 1, y0)) +
                    fy * ((1 - fx) * pixel(x0, y0 + 1) + fx * pixel(x0 + 1, y0 + 1)) + 0.5);
}

void expect_as_defined(const records::Frame& frame, const records::FaceRegion& region, const CropSpec& spec) {
  const auto n = static_cast<std::size_t>(spec.side);
  std::vector<float> crop(n * n * 3, -7);
  Cropper().crop(frame, region, spec, crop);
  const AffineGrid grid(region, spec.side);
  float worst = 0;
  for (int i = 0; i < spec.side; ++i) {
    for (int j = 0; j < spec.side; ++j) {
      const double x = std::nearbyint((grid.x - grid.sin * i) + grid.cos * j) / 32;
      const double y = std::nearbyint((grid.y + grid.cos * i) + grid.sin * j) / 32;
      for (int c = 0; c < 3; ++c) {
        const float got = crop[(static_cast<std::size_t>(i) * n + static_cast<std::size_t>(j)) * 3 +
                               static_cast<std::size_t>(c)];
        const auto expected = static_cast<float>(plain(frame, x, y, spec.border, c));
        worst = std::max(worst, std::abs(got - (expected * spec.scale + spec.offset)));
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
  for (int round = 0; round < 90; ++round) {
    const auto pixels = round % 3 == 0 ? Pixels::rgb : Pixels::yuv420;
    const int most = round % 10 == 9 ? 400 : 90;
    const int width = 1 + static_cast<int>(random() % static_cast<unsigned>(most)),
              height = 1 + static_cast<int>(random() % static_cast<unsigned>(most));
    const auto frame = noise(width, height, pixels, random());
    // Every tenth region is so large that single pixels are converted instead of its rectangle.
    const float size = round % 10 == 9 ? between(400, 900) : between(1, 200);
    const records::FaceRegion region{{between(-40, 120), between(-40, 120)}, size, between(-3.2F, 3.2F)};
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
  std::vector<float> crop(std::size_t{16} * 16 * 3, 1);
  for (const float value : {NAN, INFINITY, 1e30F}) {
    Cropper().crop(frame, {{value, 3}, 10, 0}, {16, Border::replicate, 1, 0}, crop);
    EXPECT_EQ(crop[0], 0);
    Cropper().crop(frame, {{3, 3}, value, 0}, {16, Border::replicate, 1, 0}, crop);
    EXPECT_EQ(crop[100], 0);
  }
}

TEST(Crop, GreyPicturesHaveNoColour) {
  auto frame = noise(40, 40, Pixels::yuv420, 5);
  frame.u = frame.v = {};
  std::vector<float> crop(std::size_t{16} * 16 * 3);
  Cropper().crop(frame, {{20, 20}, 30, 0.1F}, {16, Border::replicate, 1, 0}, crop);
  for (std::size_t i = 0; i < crop.size(); i += 3) {
    EXPECT_NEAR(crop[i], crop[i + 1], 1e-3);
    EXPECT_NEAR(crop[i], crop[i + 2], 1e-3);
  }
}

}  // namespace
}  // namespace pyro::face
