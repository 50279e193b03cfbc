#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "pyro/study/blocks.hpp"
#include "pyro/study/calibration.hpp"
#include "pyro/study/simulate.hpp"
#include "pyro/study/summary.hpp"
#include "test_runs.hpp"

namespace pyro::study {
namespace {

using testing::HasSubstr;

std::vector<double> remembering(std::size_t n, double keep, unsigned seed) {
  std::mt19937_64 random{seed};
  std::normal_distribution<double> normal;
  std::vector<double> values(n);
  double now = normal(random);
  for (double& value : values) {
    now = keep * now + std::sqrt(1 - keep * keep) * normal(random);
    value = now;
  }
  return values;
}

TEST(Blocks, AutocorrelationTimeOfAKnownProcess) {
  // (1 + keep) / (1 - keep) for a first-order process.
  EXPECT_NEAR(autocorrelation_time(remembering(200'000, 0.5, 1)), 3, 0.2);
  EXPECT_NEAR(autocorrelation_time(remembering(200'000, 0.9, 2)), 19, 2);
  EXPECT_NEAR(autocorrelation_time(remembering(20'000, 0, 3)), 1, 0.1);
  EXPECT_EQ(autocorrelation_time(std::vector<double>(50, 2.0)), 1);
}

TEST(Blocks, TheIntervalHoldsWhatItPromises) {
  // No difference at all: about one in twenty intervals misses 0, also where seconds resemble their
  // neighbours.
  int missed = 0, said = 0;
  for (unsigned seed = 1; seed <= 200; ++seed) {
    const std::vector<double> values = remembering(1200, 0.8, seed);
    std::vector<signed char> inside(values.size(), 0);
    std::fill(inside.begin() + 300, inside.begin() + 500, 1);
    const Difference one = difference(values, inside, seed);
    ++said;
    missed += one.verdict == Verdict::higher || one.verdict == Verdict::lower ? 1 : 0;
  }
  EXPECT_GE(missed, 2);
  EXPECT_LE(missed, 24) << "of " << said;
}

TEST(Blocks, AClearDifferenceIsFoundAndAShortOneNotJudged) {
  std::vector<double> values = remembering(600, 0.5, 5);
  std::vector<signed char> inside(values.size(), 0);
  for (std::size_t i = 200; i < 300; ++i) inside[i] = 1, values[i] += 2;
  const Difference one = difference(values, inside, 1);
  EXPECT_EQ(one.verdict, Verdict::higher);
  EXPECT_NEAR(one.effect, 2, 0.6);
  EXPECT_GT(std::abs(one.z), stand_out_z(40));
  EXPECT_EQ(difference(values, inside, 1).low, one.low);
  std::fill(inside.begin(), inside.end(), 0);
  inside[3] = inside[4] = 1;
  EXPECT_EQ(difference(values, inside, 1).verdict, Verdict::too_little);
  EXPECT_NEAR(stand_out_z(1), 1.959964, 1e-6);
  EXPECT_NEAR(stand_out_z(10), 2.807034, 1e-6);
}

TEST(Calibration, WeightsByTheFormula) {
  Population all;
  all.persons = 5;
  all.mean = 0.2;
  all.between = 0.04;
  all.within = 0.01;
  const PersonalLevel level = personal_level(PersonMeans{SessionMean{0.6, 0.03, 20, 0, 1}}, all);
  EXPECT_NEAR(level.weight, 0.5, 1e-12);  // 0.04 / (0.04 + 0.03 + 0.01)
  EXPECT_NEAR(level.level, 0.4, 1e-12);
  EXPECT_NEAR(level.session_deviation, std::sqrt(0.5 * 0.04 + 0.01), 1e-12);
}

TEST(Calibration, FindsTheVariancesOfASimulatedPopulation) {
  std::mt19937_64 random{11};
  std::normal_distribution<double> normal;
  std::vector<PersonMeans> persons(2000);
  for (PersonMeans& person : persons) {
    const double a = 0.3 * normal(random);
    for (int k = 0; k < 4; ++k)
      person.push_back({0.1 + a + 0.2 * normal(random) + 0.1 * normal(random), 0.01, 100, 0, 1});
  }
  const Population all = population_of(persons);
  EXPECT_NEAR(all.mean, 0.1, 0.02);
  EXPECT_NEAR(std::sqrt(all.between), 0.3, 0.02);
  EXPECT_NEAR(std::sqrt(all.within), 0.2, 0.01);
  EXPECT_TRUE(all.within_known);
  EXPECT_FALSE(population_of({persons[0], persons[1]}).within_known);
}

TEST(Calibration, ShrunkLevelsPredictSimulatedPeopleBetter) {
  const TestFolder folder;
  SimulationSettings settings;
  settings.persons = 40;
  settings.sessions = 3;
  settings.seconds = 300;
  const Result<Study> study = simulate(folder / "made", settings);
  ASSERT_TRUE(study) << study.error().text();
  const Result<HeldOut> result = held_out(*study, {10, 60, 300}, 1);
  ASSERT_TRUE(result) << result.error().text();
  EXPECT_TRUE(result->simulated);
  ASSERT_EQ(result->rows.size(), 3U);
  EXPECT_LT(result->rows[0].shrunk, result->rows[0].own);
  EXPECT_LT(result->rows[0].weight, result->rows[2].weight);
  for (const HeldOutRow& row : result->rows) EXPECT_LE(row.shrunk, row.population * 1.05);
  const Result<Calibration> levels = calibrate(*study, 60);
  ASSERT_TRUE(levels);
  EXPECT_EQ(levels->persons.size(), 40U);
  EXPECT_EQ(levels->persons[0].sessions.size(), 2U);
}

TEST(Summary, FindsTheTopicAndSaysWhatItCannot) {
  const TestFolder folder;
  std::string text = kRunHeader;
  const std::vector<double> noise = remembering(9000, 0.95, 9);
  for (int i = 0; i < 9000; ++i) {
    const double time_s = i / 10.0;
    const double strain =
        0.1 * noise[static_cast<std::size_t>(i)] + (time_s >= 300 && time_s < 360 ? 0.4 : 0);
    text += run_row(i, time_s, std::clamp(strain, -1.0, 1.0));
  }
  const auto session = read_session({folder.write("frames.csv", text), {}, {}}, {});
  ASSERT_TRUE(session) << session.error().text();
  const auto keywords = read_keywords(
      folder.write("k.csv", "keyword,start_s,end_s\nwork,300,360\nhome,600,700\ncoffee,10,12\n"), 900);
  ASSERT_TRUE(keywords) << keywords.error().text();
  const SessionSummary summary = summarise(*session, "a session", *keywords, {}, 1);
  EXPECT_TRUE(summary.topics[0].stands_out[0]);
  EXPECT_EQ(summary.topics[0].profile[0].verdict, Verdict::higher);
  EXPECT_FALSE(summary.topics[1].stands_out[0]);
  EXPECT_EQ(summary.topics[2].profile[0].verdict, Verdict::too_little);
  ASSERT_EQ(summary.minutes.size(), 15U);
  EXPECT_TRUE(summary.minutes[5].stands_out);
  EXPECT_THAT(summary_text(summary), HasSubstr("Not a diagnosis"));
  EXPECT_THAT(summary_text(summary), HasSubstr("\"coffee\": too little to say"));
  EXPECT_THAT(summary_page(summary).text(), HasSubstr("Not a diagnosis"));
  EXPECT_EQ(to_json(summary)["topics"][0]["profile"]["score"]["verdict"], "higher");
  EXPECT_FALSE(read_keywords(folder.write("k.csv", "keyword,start_s,end_s\nwork,30,20\n"), 900));
  EXPECT_FALSE(read_keywords(folder.write("k.csv", "keyword,start_s,end_s\nwork,1000,1001\n"), 900));
  EXPECT_FALSE(read_keywords(folder.write("k.csv", "keyword,start_s\nwork,30\n"), 900));
}

}  // namespace
}  // namespace pyro::study
