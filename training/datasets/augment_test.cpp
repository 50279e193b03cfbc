#include "datasets/augment.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "pyro/datasets/random.hpp"

namespace pyro::training {
namespace {

crop::GreyFace gradient() {
  crop::GreyFace face;
  for (std::size_t i = 0; i < face.pixels.size(); ++i) {
    face.pixels[i] = static_cast<std::uint8_t>(60 + i % 48);
  }
  return face;
}

AugmentOptions nothing() {
  return {.flip_chance = 0,
          .rotation_deg = 0,
          .scale = 0,
          .shift_px = 0,
          .light_chance = 0,
          .blur_chance = 0,
          .erase_chance = 0};
}

TEST(Augment, TheSeedDecides) {
  const crop::GreyFace face = gradient();
  EXPECT_EQ(augment(face, {}, 5).pixels, augment(face, {}, 5).pixels);
  EXPECT_NE(augment(face, {}, 5).pixels, augment(face, {}, 6).pixels);
}

TEST(Augment, SwitchedOffChangesNothing) {
  EXPECT_EQ(augment(gradient(), nothing(), 3).pixels, gradient().pixels);
}

TEST(Augment, AFlipMirrorsTheRows) {
  AugmentOptions options = nothing();
  options.flip_chance = 1;
  crop::GreyFace mirrored = gradient();
  for (auto row = mirrored.pixels.begin(); row != mirrored.pixels.end(); row += crop::kExpressionSide) {
    std::reverse(row, row + crop::kExpressionSide);
  }
  EXPECT_EQ(augment(gradient(), options, 1).pixels, mirrored.pixels);
}

TEST(Augment, GeometryInventsNoGreyLevels) {
  // Resampling and blur interpolate and the border repeats, so nothing leaves the range of the source.
  AugmentOptions options;
  options.light_chance = 0;
  options.erase_chance = 0;
  options.blur_chance = 1;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const crop::GreyFace out = augment(gradient(), options, seed);
    const auto [low, high] = std::minmax_element(out.pixels.begin(), out.pixels.end());
    ASSERT_GE(*low, 60);
    ASSERT_LE(*high, 107);
  }
}

TEST(Augment, ExtremeLightStaysWithinGreyLevels) {
  // Overflow would wrap a white picture to dark ones; clipping keeps it bright.
  AugmentOptions options = nothing();
  options.light_chance = 1;
  crop::GreyFace white;
  white.pixels.fill(255);
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    for (const std::uint8_t pixel : augment(white, options, seed).pixels) {
      ASSERT_GT(pixel, 90);
    }
  }
}

TEST(Augment, ErasingTouchesAtMostItsShare) {
  AugmentOptions options = nothing();
  options.erase_chance = 1;
  const crop::GreyFace face = gradient();
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const crop::GreyFace out = augment(face, options, seed);
    int changed = 0;
    for (std::size_t i = 0; i < out.pixels.size(); ++i) {
      changed += out.pixels[i] != face.pixels[i] ? 1 : 0;
    }
    ASSERT_GT(changed, 0);
    ASSERT_LE(changed, static_cast<int>(options.erase_share * crop::kExpressionPixels));
  }
}

TEST(Random, UniformStaysInItsRangeAndShuffleKeepsAll) {
  Random random(1);
  double sum = 0;
  for (int i = 0; i < 10000; ++i) {
    const float value = random.uniform();
    ASSERT_GE(value, 0.0F);
    ASSERT_LT(value, 1.0F);
    sum += value;
  }
  EXPECT_NEAR(sum / 10000, 0.5, 0.02);
  std::vector<int> items = {1, 2, 3, 4, 5, 6, 7, 8};
  shuffle(std::span<int>(items), random);
  std::sort(items.begin(), items.end());
  EXPECT_EQ(items, (std::vector<int>{1, 2, 3, 4, 5, 6, 7, 8}));
}

}  // namespace
}  // namespace pyro::training
