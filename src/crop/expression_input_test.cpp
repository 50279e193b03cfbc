#include "pyro/crop/expression_input.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace pyro::crop {
namespace {

std::vector<float> normalised(const GreyFace& face) {
  std::vector<float> out(kExpressionPixels);
  normalise(face, std::span<float, kExpressionPixels>(out.data(), kExpressionPixels));
  return out;
}

GreyFace ramp(int first, int levels) {
  GreyFace face;
  for (std::size_t i = 0; i < face.pixels.size(); ++i) {
    face.pixels[i] = static_cast<std::uint8_t>(first + static_cast<int>(i) % levels);
  }
  return face;
}

TEST(ExpressionInput, HasZeroMeanAndUnitVariance) {
  const std::vector<float> out = normalised(ramp(10, 96));
  double sum = 0;
  double squares = 0;
  for (const float value : out) {
    sum += value;
    squares += double{value} * value;
  }
  EXPECT_NEAR(sum / kExpressionPixels, 0.0, 1e-5);
  EXPECT_NEAR(squares / kExpressionPixels, 1.0, 1e-4);
}

TEST(ExpressionInput, DoesNotSeeGainAndOffset) {
  GreyFace dim = ramp(0, 96);
  GreyFace bright;
  std::transform(dim.pixels.begin(), dim.pixels.end(), bright.pixels.begin(),
                 [](std::uint8_t p) { return static_cast<std::uint8_t>(2 * p + 40); });
  const std::vector<float> a = normalised(dim);
  const std::vector<float> b = normalised(bright);
  for (std::size_t i = 0; i < a.size(); ++i) {
    ASSERT_NEAR(a[i], b[i], 1e-5);
  }
}

TEST(ExpressionInput, AFlatPictureBecomesZeros) {
  GreyFace face;
  face.pixels.fill(77);
  for (const float value : normalised(face)) {
    ASSERT_EQ(value, 0.0F);
  }
}

TEST(ExpressionInput, FaintNoiseIsNotBlownUp) {
  // Two levels apart by one: standard deviation 0.5, so the floor of 8 decides and the values stay at ±0.5/8.
  for (const float value : normalised(ramp(100, 2))) {
    ASSERT_NEAR(std::abs(value), 0.0625F, 1e-6);
  }
}

}  // namespace
}  // namespace pyro::crop
