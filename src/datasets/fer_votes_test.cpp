#include "pyro/datasets/fer_votes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace pyro::datasets {
namespace {

using testing::HasSubstr;

const std::string kHeader =
    "index,fer_row,ferplus_name,kaggle_name,label,label_name,v_neutral,v_happiness,v_surprise,v_sadness,v_"
    "anger,"
    "v_disgust,v_fear,v_contempt,v_unknown,v_NF,source,label_ambiguous\n";

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

TEST(Votes, RelabelWhatHasAMajorityAndSayWhenTheyAreOfAnotherSet) {
  JudgedItems judged;
  for (const std::size_t index : {0U, 2U}) {
    Item item;
    item.name = "x[" + std::to_string(index) + "]";
    item.label = records::Emotion::fear;
    judged.items.push_back(item);
    judged.index.push_back(index);
  }
  const std::vector<FerRow> rows{
      {2, Votes{5, 0, 0, 5, 0, 0, 0, 0, 0, 0}}, {0, std::nullopt}, {2, Votes{1, 0, 0, 5, 0, 0, 0, 9, 0, 0}}};
  const Result<JudgedItems> voted = labelled_by_votes(judged, 3, rows, "x.csv");
  ASSERT_TRUE(voted) << voted.error().text();
  ASSERT_EQ(voted->items.size(), 1U) << "a tie has no majority";
  EXPECT_EQ(voted->index.front(), 2U);
  EXPECT_EQ(voted->items.front().label, records::Emotion::sad) << "contempt is left out";
  EXPECT_THAT(labelled_by_votes(judged, 4, rows, "x.csv").error().message,
              HasSubstr("3 rows for 4 pictures"));
  judged.items.front().label = records::Emotion::happy;
  EXPECT_THAT(labelled_by_votes(judged, 3, rows, "x.csv").error().message, HasSubstr("row 0"));
}

}  // namespace
}  // namespace pyro::datasets
