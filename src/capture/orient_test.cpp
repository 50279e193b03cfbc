#include "orient.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

extern "C" {
#include <libavutil/display.h>
}

namespace pyro::capture {
namespace {

Orientation turned(double degrees) {
  std::array<std::int32_t, 9> matrix{};
  av_display_rotation_set(matrix.data(), degrees);
  return orientation_of(matrix.data());
}

TEST(Orientation, OfNothingIsUpright) {
  EXPECT_TRUE(orientation_of(nullptr).upright());
  const std::array<std::int32_t, 9> zero{};
  EXPECT_TRUE(orientation_of(zero.data()).upright());
}

TEST(Orientation, QuarterTurnsAndTheNearestOfOthers) {
  EXPECT_TRUE(turned(0).upright());
  EXPECT_TRUE(turned(20).upright());
  EXPECT_EQ(turned(180), (Orientation{false, true, true}));
  EXPECT_EQ(turned(90), turned(80));
  EXPECT_TRUE(turned(90).transposed);
  EXPECT_TRUE(turned(-90).transposed);
  EXPECT_FALSE(turned(90) == turned(-90));
}

// By the definition in the header, sample by sample.
TEST(OrientPlane, AllEightInOddSizes) {
  constexpr int width = 67;
  constexpr int height = 41;
  std::vector<std::uint8_t> from(static_cast<std::size_t>(80 * height));
  for (std::size_t i = 0; i < from.size(); ++i) from[i] = static_cast<std::uint8_t>(i * 31 + i / 80);
  for (int kind = 0; kind < 8; ++kind) {
    const Orientation o{(kind & 1) != 0, (kind & 2) != 0, (kind & 4) != 0};
    const int to_width = o.transposed ? height : width;
    const int to_height = o.transposed ? width : height;
    std::vector<std::uint8_t> to(static_cast<std::size_t>(96 * to_height), 0xee);
    orient_plane(from.data(), 80, width, height, to.data(), 96, o);
    for (int y = 0; y < to_height; ++y) {
      for (int x = 0; x < to_width; ++x) {
        int p = o.transposed ? y : x;
        int q = o.transposed ? x : y;
        if (o.mirrored_x) p = width - 1 - p;
        if (o.mirrored_y) q = height - 1 - q;
        ASSERT_EQ(to[static_cast<std::size_t>(y * 96 + x)], from[static_cast<std::size_t>(q * 80 + p)])
            << "kind " << kind << " at " << x << ',' << y;
      }
      ASSERT_EQ(to[static_cast<std::size_t>(y * 96 + to_width)], 0xee) << "wrote beyond the row";
    }
  }
}

// Pixels of three bytes go where planes of their single colours go.
TEST(OrientPlane, PackedPixelsAsTheirPlanes) {
  constexpr int width = 67;
  constexpr int height = 41;
  constexpr std::size_t pixels = std::size_t{width} * height;
  std::vector<std::uint8_t> from(3 * pixels);
  for (std::size_t i = 0; i < from.size(); ++i) from[i] = static_cast<std::uint8_t>(i * 31 + i / 190);
  for (int kind = 0; kind < 8; ++kind) {
    const Orientation o{(kind & 1) != 0, (kind & 2) != 0, (kind & 4) != 0};
    const int to_width = o.transposed ? height : width;
    std::vector<std::uint8_t> to(from.size());
    orient_plane<3>(from.data(), std::ptrdiff_t{3} * width, width, height, to.data(),
                    std::ptrdiff_t{3} * to_width, o);
    for (std::size_t colour = 0; colour < 3; ++colour) {
      std::vector<std::uint8_t> plane(pixels);
      std::vector<std::uint8_t> turned(pixels);
      for (std::size_t i = 0; i < pixels; ++i) plane[i] = from[3 * i + colour];
      orient_plane(plane.data(), width, width, height, turned.data(), to_width, o);
      for (std::size_t i = 0; i < pixels; ++i)
        ASSERT_EQ(to[3 * i + colour], turned[i])
            << "kind " << kind << ", colour " << colour << ", pixel " << i;
    }
  }
}

}  // namespace
}  // namespace pyro::capture
