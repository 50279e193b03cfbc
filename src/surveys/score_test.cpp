// Every questionnaire once by hand: the answers, and the sums as somebody with a pencil would write them.
#include "pyro/surveys/score.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "test_support.hpp"

namespace pyro::surveys {
namespace {

using testing::kLeftOut;
using testing::response_of;
using testing::shipped;

struct Expected {
  std::string scale;
  double score, percent;
  std::optional<Category> category;
};

constexpr auto kLow = Category::low, kModerate = Category::moderate, kHigh = Category::high;

void expect_scores(const std::string& id, const std::vector<int>& answers,
                   const std::vector<Expected>& expected) {
  const Instrument& instrument = shipped(id);
  const std::vector<ScaleScore> scores = score(instrument, response_of(instrument, answers));
  ASSERT_EQ(scores.size(), expected.size()) << id;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    EXPECT_EQ(scores[i].scale, expected[i].scale);
    ASSERT_TRUE(scores[i].score) << id << " " << scores[i].scale;
    EXPECT_NEAR(*scores[i].score, expected[i].score, 1e-12) << id << " " << scores[i].scale;
    EXPECT_NEAR(*scores[i].percent, expected[i].percent, 1e-12) << id << " " << scores[i].scale;
    EXPECT_EQ(scores[i].category, expected[i].category) << id << " " << scores[i].scale;
  }
}

TEST(SurveyScore, Pss10) {
  // Items 4, 5, 7, 8 turned: 3 2 1 | 4-1 4-0 | 2 | 4-3 4-2 | 3 4
  //   3 + 2 + 1 + 3 + 4 + 2 + 1 + 2 + 3 + 4 = 25 of 40
  expect_scores("pss-10", {3, 2, 1, 1, 0, 2, 3, 2, 3, 4}, {{"total", 25, 62.5, kModerate}});
  // 0 + 0 + 0 + (4-4)·4 + … = 0, and with every direct item 1 and every turned one 2: 6·1 + 4·2 = 14
  expect_scores("pss-10", {0, 0, 0, 4, 4, 0, 4, 4, 0, 0}, {{"total", 0, 0, kLow}});
  expect_scores("pss-10", {1, 1, 1, 2, 2, 1, 2, 2, 1, 1}, {{"total", 14, 35, kModerate}});
  // One point less is low; 6·3 + 4·(4-2) + 1 = 27 is high, 26 is not.
  expect_scores("pss-10", {0, 1, 1, 2, 2, 1, 2, 2, 1, 1}, {{"total", 13, 32.5, kLow}});
  expect_scores("pss-10", {4, 3, 3, 2, 2, 3, 2, 2, 3, 3}, {{"total", 27, 67.5, kHigh}});
  expect_scores("pss-10", {3, 3, 3, 2, 2, 3, 2, 2, 3, 3}, {{"total", 26, 65, kModerate}});
}

TEST(SurveyScore, Pss4) {
  // 2 + (4-3) + (4-1) + 4 = 10 of 16; no cut-offs
  expect_scores("pss-4", {2, 3, 1, 4}, {{"total", 10, 62.5, {}}});
}

TEST(SurveyScore, MbiHss) {
  // item     1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 20 21 22
  // EE = 1,2,3,6,8,13,14,16,20: 5+4+3+2+6+1+3+2+1 = 27 of 54
  // DP = 5,10,11,15,22:         1+2+0+3+0 = 6 of 30
  // PA = 4,7,9,12,17,18,19,21:  6+5+4+3+5+4+3+2 = 32 of 48
  expect_scores("mbi-hss", {5, 4, 3, 6, 1, 2, 5, 6, 4, 2, 0, 3, 1, 3, 3, 2, 5, 4, 3, 1, 2, 0},
                {{"emotional_exhaustion", 27, 50, kHigh},
                 {"depersonalization", 6, 20, kLow},
                 {"personal_accomplishment", 32, 100.0 * 32 / 48, kModerate}});
  // EE 26, DP 7, PA 31: each on the other side of its line
  expect_scores("mbi-hss", {4, 4, 3, 6, 2, 2, 5, 6, 4, 2, 0, 3, 1, 3, 3, 2, 5, 4, 3, 1, 1, 0},
                {{"emotional_exhaustion", 26, 100.0 * 26 / 54, kModerate},
                 {"depersonalization", 7, 100.0 * 7 / 30, kModerate},
                 {"personal_accomplishment", 31, 100.0 * 31 / 48, kLow}});
}

TEST(SurveyScore, MbiGs) {
  // item     1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16
  // EX = 1,2,3,4,6:       4+3+3+2+4 = 16, /5 = 3.2
  // CY = 8,9,13,14,15:    1+1+1+1+1 = 5, /5 = 1
  // PE = 5,7,10,11,12,16: 5+5+5+5+5+5 = 30, /6 = 5
  expect_scores("mbi-gs", {4, 3, 3, 2, 5, 4, 5, 1, 1, 5, 5, 5, 1, 1, 1, 5},
                {{"exhaustion", 3.2, 100 * 3.2 / 6, kHigh},
                 {"cynicism", 1, 100.0 / 6, kLow},
                 {"professional_efficacy", 5, 100 * 5.0 / 6, kHigh}});
  // EX 4+3+3+2+3 = 15, /5 = 3; CY 3+2+2+2+2 = 11, /5 = 2.2; PE 4·6 = 24, /6 = 4
  expect_scores("mbi-gs", {4, 3, 3, 2, 4, 3, 4, 3, 2, 4, 4, 4, 2, 2, 2, 4},
                {{"exhaustion", 3, 50, kModerate},
                 {"cynicism", 2.2, 100 * 2.2 / 6, kHigh},
                 {"professional_efficacy", 4, 100 * 4.0 / 6, kModerate}});
  // The lower lines: EX 3+2+2+2+2 = 11, /5 = 2.2; CY 2+1+1+1+1 = 6, /5 = 1.2; PE 4·5+3 = 23, /6 = 3.833
  expect_scores("mbi-gs", {3, 2, 2, 2, 4, 2, 4, 2, 1, 4, 4, 4, 1, 1, 1, 3},
                {{"exhaustion", 2.2, 100 * 2.2 / 6, kModerate},
                 {"cynicism", 1.2, 20, kModerate},
                 {"professional_efficacy", 23.0 / 6, 100 * (23.0 / 6) / 6, kLow}});
  // EX 2·5 = 10, /5 = 2, one less than moderate
  expect_scores("mbi-gs", {2, 2, 2, 2, 4, 2, 4, 2, 1, 4, 4, 4, 1, 1, 1, 3},
                {{"exhaustion", 2, 100 * 2.0 / 6, kLow},
                 {"cynicism", 1.2, 20, kModerate},
                 {"professional_efficacy", 23.0 / 6, 100 * (23.0 / 6) / 6, kLow}});
}

TEST(SurveyScore, Cbi) {
  // In the authors' points, 25 a step. Personal: 100 + 75 + 50 + 50 + 25 + 0 = 300, /6 = 50
  // Work, its last item turned (4 - 3 = 1): 75 + 75 + 100 + 100 + 75 + 75 + 25 = 525, /7 = 75
  // Client: 0 + 25 + 25 + 50 + 25 + 25 = 150, /6 = 25
  expect_scores("cbi", {4, 3, 2, 2, 1, 0, 3, 3, 4, 4, 3, 3, 3, 0, 1, 1, 2, 1, 1},
                {{"personal", 50, 50, kModerate}, {"work", 75, 75, kHigh}, {"client", 25, 25, kLow}});
}

TEST(SurveyScore, Olbi) {
  // item     1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16; turned (5 - answer): 2 3 4 6 8 9 11 12
  // exhaustion    2r,4r,5,8r,10,12r,14,16: (5-2)+(5-3)+2+(5-3)+2+(5-3)+2+3 = 18, /8 = 2.25
  // disengagement 1,3r,6r,7,9r,11r,13,15:  1+(5-3)+(5-3)+2+(5-3)+(5-3)+3+2 = 16, /8 = 2
  expect_scores("olbi", {1, 2, 3, 3, 2, 3, 2, 3, 3, 2, 3, 3, 3, 2, 2, 3},
                {{"exhaustion", 2.25, 100 * 1.25 / 3, kHigh}, {"disengagement", 2, 100.0 / 3, {}}});
}

TEST(SurveyScore, Bat12) {
  // 3+4+5 = 12, /3 = 4; 2+2+1 = 5, /3; 3+3+3, /3 = 3; 1+2+3 = 6, /3 = 2; together 12+5+9+6 = 32, /12 = 2.667
  expect_scores("bat-12", {3, 4, 5, 2, 2, 1, 3, 3, 3, 1, 2, 3},
                {{"exhaustion", 4, 75, {}},
                 {"mental_distance", 5.0 / 3, 100 * (5.0 / 3 - 1) / 4, {}},
                 {"cognitive_impairment", 3, 50, {}},
                 {"emotional_impairment", 2, 25, {}},
                 {"total", 32.0 / 12, 100 * (32.0 / 12 - 1) / 4, kModerate}});
  // 36/12 = 3 is high, 30/12 = 2.5 is low
  expect_scores("bat-12", std::vector<int>(12, 3),
                {{"exhaustion", 3, 50, {}},
                 {"mental_distance", 3, 50, {}},
                 {"cognitive_impairment", 3, 50, {}},
                 {"emotional_impairment", 3, 50, {}},
                 {"total", 3, 50, kHigh}});
}

TEST(SurveyScore, Who5) {
  // 3 + 2 + 4 + 1 + 2 = 12, times 4 = 48; one point more makes 52, where the source names no level
  expect_scores("who-5", {3, 2, 4, 1, 2}, {{"total", 48, 48, kLow}});
  expect_scores("who-5", {3, 2, 4, 2, 2}, {{"total", 52, 52, {}}});
}

TEST(SurveyScore, CheckIn) {
  // Items 2, 4, 6 turned: 4 + (4-1) + 2 + (4-2) + 1 + (4-4) = 12 of 24
  expect_scores("checkin", {4, 1, 2, 2, 1, 4}, {{"total", 50, 50, {}}});
}

TEST(SurveyScore, TooFewAnswersGiveNoScoreAndEnoughAreProrated) {
  const Instrument& cbi = shipped("cbi");
  // Personal: 100 + 50 + 75 = 225, /3 = 75 of three answers. Work: three of seven are too few. Client: none.
  const std::vector<ScaleScore> scores = score(
      cbi, response_of(cbi, {4, kLeftOut, 2, kLeftOut, kLeftOut, 3, 1, 1, 1, kLeftOut, kLeftOut, kLeftOut,
                             kLeftOut, kLeftOut, kLeftOut, kLeftOut, kLeftOut, kLeftOut, kLeftOut}));
  EXPECT_EQ(scores[0].score, 75);
  EXPECT_EQ(scores[0].category, kHigh);
  EXPECT_EQ(scores[0].answered, 3);
  EXPECT_FALSE(scores[1].score || scores[1].percent || scores[1].category);
  EXPECT_EQ(scores[1].answered, 3);
  EXPECT_EQ(scores[2].answered, 0);

  // A prorated sum, which no shipped definition allows: 3 + 1 + (4-0) = 8 of three answers, times 4/3
  Instrument lenient = shipped("pss-4");
  lenient.scales[0].minimum_answered = 3;
  EXPECT_NEAR(*score(lenient, response_of(lenient, {3, kLeftOut, 0, 1}))[0].score, 32.0 / 3, 1e-12);
  EXPECT_FALSE(score(shipped("pss-4"), response_of(lenient, {3, kLeftOut, 0, 1}))[0].score);
}

TEST(SurveyScore, TablesAndJsonSayNoValueAsNothing) {
  const Instrument& olbi = shipped("olbi");
  std::vector<int> answers(16, 2);
  answers[0] = kLeftOut;
  const Response response = response_of(olbi, answers, "a,b");
  const std::vector<ScaleScore> scores = score(olbi, response);
  // exhaustion: items 2, 4, 8, 12 turned to 3, four direct of 2: (12 + 8) / 8 = 2.5
  EXPECT_EQ(scores_header(),
            "person,time_utc,instrument,version,scale,score,percent,category,answered,items\n");
  EXPECT_EQ(score_lines(response, scores),
            "\"a,b\",1970-01-01T00:00:00.000000Z,olbi,1,exhaustion,2.5,50,high,8,8\n"
            "\"a,b\",1970-01-01T00:00:00.000000Z,olbi,1,disengagement,,,,7,8\n");
  const nlohmann::ordered_json json = to_json(olbi, response, scores);
  EXPECT_TRUE(json["scales"][1]["score"].is_null());
  EXPECT_EQ(json["scales"][0]["category"], "high");
  EXPECT_THAT(json["notice"].get<std::string>(), ::testing::HasSubstr("Not a diagnosis"));
}

}  // namespace
}  // namespace pyro::surveys
