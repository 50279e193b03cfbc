#include "datasets/fer2013.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

namespace pyro::training {
namespace {

using testing::HasSubstr;

Picture picture(std::uint8_t shade, int label, std::optional<Votes> votes = std::nullopt) {
  Picture one;
  one.face.pixels.fill(shade);
  one.label = label;
  one.votes = votes;
  return one;
}

TEST(Twins, AreMergedWithTheirLabelsAndVotes) {
  const Votes sad{0, 0, 0, 10, 0, 0, 0, 0, 0, 0};
  const Votes neutral{10, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  const auto samples =
      merge_twins({picture(1, 4, sad), picture(2, 3), picture(1, 6, neutral), picture(2, 3)});
  ASSERT_EQ(samples.size(), 2U);
  EXPECT_EQ(samples[0].labels, (Distribution{0, 0, 0, 0, 0.5F, 0, 0.5F}));
  EXPECT_FALSE(samples[0].label);
  EXPECT_EQ(samples[0].votes, (Distribution{0, 0, 0, 0, 0.5F, 0, 0.5F}));
  EXPECT_EQ(samples[1].label, 3);
  EXPECT_FALSE(samples[1].votes);
  EXPECT_EQ(twins_of({picture(1, 0), picture(9, 0)}, {picture(1, 4)}), (std::vector<bool>{true, false}));
}

TEST(Split, IsSeededAndKeepsConflictsOutOfTheHoldOut) {
  std::vector<Picture> pictures;
  for (int i = 0; i < 100; ++i) {
    pictures.push_back(picture(static_cast<std::uint8_t>(i), i % 7));
    if (i % 2 == 0) {
      pictures.push_back(picture(static_cast<std::uint8_t>(i), (i + 1) % 7));
    }
  }
  const auto shades = [&](std::uint64_t seed) {
    std::vector<int> result;
    for (const Sample& sample : split(merge_twins(pictures), 0.2, seed).hold_out) {
      EXPECT_TRUE(sample.label);
      result.push_back(sample.face.pixels[0]);
    }
    return result;
  };
  EXPECT_EQ(shades(1).size(), 20U);
  EXPECT_EQ(shades(1), shades(1));
  EXPECT_NE(shades(1), shades(2));
}

TEST(Fer2013, RealDataHasThePublishedCounts) {
  const char* shared = std::getenv("PYROMETER_SHARED");
  const auto dir =
      std::filesystem::path(shared != nullptr ? shared : PYRO_SOURCE_DIR "/../shared") / "data" / "fer2013";
  if (!std::filesystem::exists(dir)) {
    GTEST_SKIP() << dir << " is absent: set PYROMETER_SHARED to read the real FER2013";
  }
  const auto training = read_fer2013(dir, Part::training);
  const auto test = read_fer2013(dir, Part::public_test);
  ASSERT_TRUE(training) << training.error().text();
  ASSERT_TRUE(test) << test.error().text();
  EXPECT_EQ(training->size(), 28709U);
  EXPECT_EQ(test->size(), 3589U);
  EXPECT_EQ(merge_twins(*training).size(), 27475U);
  const std::vector<bool> twins = twins_of(*test, *training);
  EXPECT_EQ(std::count(twins.begin(), twins.end(), true), 280);
}

TEST(Fer2013, AMissingFolderIsNamed) {
  const auto pictures = read_fer2013("/nowhere", Part::training);
  ASSERT_FALSE(pictures);
  EXPECT_THAT(pictures.error().message, HasSubstr("/nowhere/fer2013-train-images-idx3-ubyte.gz"));
}

}  // namespace
}  // namespace pyro::training
