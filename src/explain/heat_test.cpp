#include "pyro/explain/heat.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace pyro::explain {
namespace {

TEST(Enlarged, IsBilinearBetweenTheFieldsCentres) {
  const FacePixels pixels = enlarged({1, 2, {0, 1}});
  // Centres at 12 and 36 px from the left: at 24 px, between pixels 23 and 24, half of each.
  EXPECT_EQ(pixels[0], 0);
  EXPECT_EQ(pixels[11], 0);
  EXPECT_NEAR(pixels[23], 0.5F - 0.5F / 24, 1e-6F);
  EXPECT_NEAR(pixels[24], 0.5F + 0.5F / 24, 1e-6F);
  EXPECT_EQ(pixels[36], 1);
  EXPECT_EQ(pixels[47 * 48 + 47], 1);
}

// A judge that looks at the upper left quarter only, at the share of its pixels that are there: 1 in the face
// and 0 where deleted.
Result<std::vector<double>> quarter(std::span<const FacePixels> pictures) {
  std::vector<double> heights;
  for (const FacePixels& picture : pictures) {
    double sum = 0;
    for (std::size_t y = 0; y < 24; ++y)
      for (std::size_t x = 0; x < 24; ++x) sum += double{picture[y * 48 + x]};
    heights.push_back(sum / (24 * 24));
  }
  return heights;
}

FacePixels bright_quarter() {
  FacePixels face{};
  for (std::size_t y = 0; y < 24; ++y)
    for (std::size_t x = 0; x < 24; ++x) face[y * 48 + x] = 1;
  return face;
}

TEST(Faithfulness, HandWorkedForAJudgeThatSeesAQuarter) {
  // On a grid as fine as the picture: the greatest quarter of the pixels is exactly the upper left one.
  const FacePixels quarter_first = bright_quarter();
  const PlaceMap right{48, 48, {quarter_first.begin(), quarter_first.end()}};
  PlaceMap wrong = right;
  for (float& value : wrong.values) value = 1 - value;
  const auto good = faithfulness(bright_quarter(), right, quarter, {.steps = 4, .random = 5, .seed = 2});
  ASSERT_TRUE(good);
  ASSERT_EQ(good->deletion.size(), 5U);
  EXPECT_NEAR(good->deletion[0], 1, 1e-12);
  EXPECT_NEAR(good->deletion[1], 0, 1e-12);
  EXPECT_NEAR(good->deletion_area, (0.5 + 0 + 0 + 0) / 4, 1e-12) << "trapezoids over 1 0 0 0 0";
  EXPECT_NEAR(good->insertion.back(), 1, 1e-12);
  EXPECT_NEAR(good->insertion[1], 1, 1e-12);
  const auto bad = faithfulness(bright_quarter(), wrong, quarter, {.steps = 4, .random = 5, .seed = 2});
  ASSERT_TRUE(bad);
  EXPECT_NEAR(bad->deletion_area, (0.5 + 1 + 1 + 1) / 4, 1e-12);
  EXPECT_GT(bad->deletion_area, bad->random_deletion_area);
  EXPECT_LT(good->deletion_area, good->random_deletion_area);
  EXPECT_GT(good->insertion_area, good->random_insertion_area);
  EXPECT_EQ(bad->random_deletion_area, good->random_deletion_area) << "the same seed, the same maps";
  EXPECT_EQ(bad->random_deletion_as_good, 5);
}

TEST(Faithfulness, PassesTheJudgesErrorOn) {
  const auto broken =
      faithfulness({}, {1, 1, {1}}, [](auto) -> Result<std::vector<double>> { return failed("engine"); });
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().message, "engine");
}

TEST(HeatPicture, OrangeRaisesBlueLowersAndNothingIsGrey) {
  crop::GreyFace face;
  face.pixels.fill(100);
  const auto rgb = heat_picture(face, {1, 2, {2, -2}}, 2);
  ASSERT_EQ(rgb.size(), 96U * 96U * 3U);
  EXPECT_GT(rgb[0], rgb[2]) << "left is orange";
  EXPECT_LT(rgb[285], rgb[287]) << "right is blue";
  for (const std::uint8_t value : plain_picture(face, 1)) ASSERT_EQ(value, 100);
}

}  // namespace
}  // namespace pyro::explain
