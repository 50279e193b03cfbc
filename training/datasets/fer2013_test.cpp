#include "datasets/fer2013.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

namespace pyro::training {
namespace {

using testing::HasSubstr;

const std::string kHeader =
    "index,fer_row,ferplus_name,kaggle_name,label,label_name,v_neutral,v_happiness,v_surprise,v_sadness,v_"
    "anger,"
    "v_disgust,v_fear,v_contempt,v_unknown,v_NF,source,label_ambiguous\n";

Picture picture(std::uint8_t shade, int label, std::optional<Votes> votes = std::nullopt) {
  Picture one;
  one.face.pixels.fill(shade);
  one.label = label;
  one.votes = votes;
  return one;
}

TEST(Fer2013Csv, ReadsLabelAndVotes) {
  const auto rows = parse_fer2013_csv(kHeader +
                                          "0,0,a.png,b.jpg,2,fear,5,0,0,3,1,0,0,0,1,0,png,0\r\n"
                                          "1,1,,c.jpg,6,neutral,,,,,,,,,,,jpg,0\n",
                                      "x.csv");
  ASSERT_TRUE(rows) << rows.error().text();
  ASSERT_EQ(rows->size(), 2U);
  EXPECT_EQ((*rows)[0].label, 2);
  EXPECT_EQ((*rows)[0].votes, (Votes{5, 0, 0, 3, 1, 0, 0, 0, 1, 0}));
  EXPECT_EQ((*rows)[1].label, 6);
  EXPECT_FALSE((*rows)[1].votes);
}

TEST(Fer2013Csv, RefusesBrokenRowsByLine) {
  const auto message = [](const std::string& text) {
    const auto rows = parse_fer2013_csv(text, "x.csv");
    return rows ? std::string("accepted") : rows.error().message;
  };
  EXPECT_THAT(message(""), HasSubstr("no rows"));
  EXPECT_THAT(message("a,b\n"), HasSubstr("header"));
  EXPECT_THAT(message(kHeader), HasSubstr("no rows"));
  EXPECT_THAT(message(kHeader + "0,0,a,b,2\n"), HasSubstr("x.csv line 2: has 5 columns"));
  EXPECT_THAT(message(kHeader + "0,0,a,b,7,?,5,0,0,3,1,0,0,0,1,0,png,0\n"), HasSubstr("label '7'"));
  EXPECT_THAT(message(kHeader + "0,0,a,b,2,?,5,0,0,x,1,0,0,0,1,0,png,0\n"), HasSubstr("vote 'x'"));
  EXPECT_THAT(message(kHeader + "0,0,a,b,2,?,5,0,0,,1,0,0,0,1,0,png,0\n"), HasSubstr("vote ''"));
  EXPECT_THAT(message(kHeader + "0,0,a,b,2,?,5,0,0,-1,1,0,0,0,1,0,png,0\n"), HasSubstr("vote '-1'"));
}

TEST(Votes, BecomeSharesOfTheSevenClasses) {
  // neutral 4, sadness 1, anger 3, disgust 0, contempt 1, unknown 1: eight votes of the seven classes.
  const auto shares = vote_distribution({4, 0, 0, 1, 3, 0, 0, 1, 1, 0});
  ASSERT_TRUE(shares);
  // angry, disgust, fear, happy, sad, surprise, neutral
  EXPECT_EQ(*shares, (Distribution{0.375F, 0, 0, 0, 0.125F, 0, 0.5F}));
}

TEST(Votes, EachColumnGoesToItsClass) {
  const std::array<int, 7> class_of_column = {6, 3, 5, 4, 0, 1, 2};
  for (std::size_t column = 0; column < class_of_column.size(); ++column) {
    Votes votes{};
    votes[column] = 10;
    EXPECT_EQ(vote_majority(votes), class_of_column[column]);
  }
}

TEST(Votes, NoneOfTheSevenGivesNothing) {
  EXPECT_FALSE(vote_distribution({0, 0, 0, 0, 0, 0, 0, 3, 3, 4}));
  EXPECT_FALSE(vote_majority({0, 0, 0, 0, 0, 0, 0, 3, 3, 4}));
  EXPECT_FALSE(vote_majority({5, 5, 0, 0, 0, 0, 0, 0, 0, 0})) << "a tie has no right answer";
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
