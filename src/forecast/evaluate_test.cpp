#include "pyro/forecast/evaluate.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "pyro/forecast/simulator.hpp"

namespace pyro::forecast {
namespace {

Series series_of(const std::string& person, const std::vector<double>& scores) {
  Series series{person, person, {}, {}};
  for (const double score : scores) series.steps.push_back({{}, !std::isnan(score), score});
  return series;
}

std::vector<double> wave(std::size_t count, double phase) {
  std::vector<double> scores;
  for (std::size_t t = 0; t < count; ++t) scores.push_back(std::sin(static_cast<double>(t) * 0.2 + phase));
  return scores;
}

// Worked by hand: said 0, 1, 1; came 1, 1, 3 one step later.
TEST(Evaluate, ACaseWorkedByHand) {
  std::vector<Series> series{series_of("a", {0, 1, 1, 3})};
  series[0].truth = {0, 1, 1, 3};
  const auto said = [](const std::vector<double>& means) {
    Track track{means, {{}}};
    for (const double mean : means)
      track.ahead[0].push_back({mean, {mean - 2, mean - 1, mean, mean + 1, mean + 2}});
    return track;
  };
  EvaluationSettings settings;
  settings.horizons = {1};
  settings.warm_up = 0;
  const Evaluation evaluation = evaluate(
      series, {{"persistence", "", {said({0, 1, 1, 3})}}, {"other", "", {said({1, 1, 2, 0})}}}, settings);
  const HorizonFigures& persistence = evaluation.models[0].ahead[0];
  EXPECT_EQ(persistence.n, 3);
  EXPECT_NEAR(persistence.rmse.value, std::sqrt((1.0 + 0 + 4) / 3), 1e-12);
  EXPECT_NEAR(persistence.mae.value, 1, 1e-12);
  EXPECT_NEAR(persistence.inside_80.value, 2.0 / 3, 1e-12);
  EXPECT_NEAR(persistence.inside_95.value, 1, 1e-12);
  EXPECT_EQ(persistence.skill.value, 0);
  EXPECT_NEAR(evaluation.models[1].ahead[0].skill.value, 1 - std::sqrt(1.0 / 5), 1e-12);
  EXPECT_NEAR(evaluation.models[0].present.variation.value, 1, 1e-12);
  EXPECT_TRUE(std::isnan(persistence.skill.interval_95.low)) << "one person gives no interval";
}

TEST(Evaluate, FindsTheLagOfADelayedCopy) {
  std::vector<Series> series;
  Judged late{"late", "", {}};
  for (int person = 0; person < 3; ++person) {
    series.push_back(series_of("p" + std::to_string(person), wave(400, person)));
    series.back().truth = wave(400, person);
    Track track{{}, {}};
    for (std::size_t t = 0; t < 400; ++t) track.present.push_back(series.back().truth[t < 5 ? 0 : t - 5]);
    late.tracks.push_back(std::move(track));
  }
  EvaluationSettings settings;
  const Evaluation evaluation = evaluate(series, {late}, settings);
  EXPECT_EQ(evaluation.models[0].present.lag.value, 5);
  EXPECT_TRUE(evaluation.simulated);
}

TEST(Evaluate, NobodyIsJudgedByWhatTheyTaught) {
  // Each person is a constant of their own: rules fitted on the others cannot know it before they see it.
  std::vector<Series> series;
  for (int person = 0; person < 4; ++person)
    series.push_back(series_of("p" + std::to_string(person), std::vector<double>(50, person)));
  EvaluationSettings settings;
  settings.horizons = {1};
  settings.folds = 4;
  const auto judged = judge_baselines(series, {}, settings);
  ASSERT_TRUE(judged);
  EXPECT_EQ((*judged)[0].name, "persistence");
  for (const Judged& rule : *judged) {
    for (std::size_t k = 0; k < series.size(); ++k) EXPECT_EQ(rule.tracks[k].present.size(), 50U);
  }
  EXPECT_FALSE(judge_baselines({series[0]}, {}, settings));
  EXPECT_TRUE(judge_baselines({series[0]}, {series[1]}, settings));
}

TEST(Evaluate, SaysThatItWasSimulatedAndSurvivesShortSeries) {
  SimulatorSettings people;
  people.session_s = 120;
  people.sessions = 2;
  const auto series = simulated_series(people, 7, 3, kStep, {});
  EvaluationSettings settings;
  settings.horizons = {1, 300};
  const auto judged = judge_baselines(series, {}, settings);
  ASSERT_TRUE(judged);
  const Evaluation evaluation = evaluate(series, *judged, settings);
  EXPECT_EQ(evaluation.models[0].ahead[1].n, 0);
  EXPECT_NE(text_of(evaluation).find("Simulated people."), std::string::npos);
  EXPECT_NE(text_of(evaluation).find("no series is long enough"), std::string::npos);
  EXPECT_TRUE(to_json(evaluation)["simulated"].get<bool>());
  EXPECT_TRUE(to_json(evaluation)["models"][0]["ahead"][1]["rmse"].is_null());
}

TEST(Horizons, InSteps) {
  EXPECT_EQ(horizons_in_steps(1), (std::vector<std::size_t>{1, 5, 30, 300}));
  EXPECT_EQ(horizons_in_steps(0.2), (std::vector<std::size_t>{1, 25, 150, 1500}));
}

TEST(CentredMean, NeedsHalfOfItsWindow) {
  const auto means = centred_mean({1, 2, 3, kGap, kGap, kGap, 7}, 1);
  EXPECT_DOUBLE_EQ(means[0], 1.5);
  EXPECT_DOUBLE_EQ(means[1], 2);
  EXPECT_DOUBLE_EQ(means[2], 2.5);
  EXPECT_TRUE(std::isnan(means[3]));
  EXPECT_TRUE(std::isnan(means[4]));
  EXPECT_TRUE(std::isnan(means[6]));
}

TEST(Resampler, MeansGapsAndAClockThatJumps) {
  Resampler resampler("a", "a", Seconds{1}, {});
  const records::FatigueCues unknown;
  score::Probabilities angry{1, 0, 0, 0, 0, 0, 0}, happy{0, 0, 0, 1, 0, 0, 0};
  resampler.add(Seconds{10}, true, angry, unknown);
  resampler.add(Seconds{10.5}, true, happy, unknown);
  resampler.add(Seconds{11}, true, angry, unknown);  // one of three: a gap
  resampler.add(Seconds{11.3}, false, angry, unknown);
  resampler.add(Seconds{11.6}, false, angry, unknown);
  resampler.add(Seconds{14}, true, angry, unknown);
  const Series series = resampler.finish();
  ASSERT_EQ(series.steps.size(), 5U);
  EXPECT_TRUE(series.steps[0].seen);
  EXPECT_FLOAT_EQ(series.steps[0].x[0], 0.5F);
  EXPECT_FLOAT_EQ(series.steps[0].x[7], 1);  // eyes not known: open
  EXPECT_DOUBLE_EQ(series.steps[0].score, 0);
  EXPECT_FALSE(series.steps[1].seen);
  EXPECT_EQ(series.steps[1].x[0], 0);
  EXPECT_TRUE(std::isnan(series.steps[2].score));
  EXPECT_DOUBLE_EQ(series.steps[4].score, 1);

  Resampler jumps("a", "a", Seconds{1}, {});
  jumps.add(Seconds{0}, true, angry, unknown);
  jumps.add(Seconds{1e12}, true, angry, unknown);
  EXPECT_LE(jumps.finish().steps.size(), 86402U);
}

TEST(ReadSeries, PersonsApartAndNobodyIsAGap) {
  auto text = std::make_unique<std::istringstream>(
      "time_s,face_id,valid,angry,disgust,fear,happy,sad,surprise,neutral\n"
      "0,0,1,1,0,0,0,0,0,0\n0,1,1,0,0,0,1,0,0,0\n1,0,1,1,0,0,0,0,0,0\n2,,0,,,,,,,\n3,1,1,0,0,0,1,0,0,0\n");
  auto frames = report::FramesReader::read(std::move(text), "test");
  ASSERT_TRUE(frames);
  const auto series = read_series(*frames, "clip", Seconds{1}, {});
  ASSERT_TRUE(series) << series.error().message;
  ASSERT_EQ(series->size(), 2U);
  EXPECT_EQ((*series)[0].person, "clip/1");
  EXPECT_EQ((*series)[0].steps.size(), 3U);
  EXPECT_FALSE((*series)[0].steps[2].seen);
  EXPECT_EQ((*series)[1].steps.size(), 4U);
  EXPECT_FALSE((*series)[1].steps[1].seen);
}

}  // namespace
}  // namespace pyro::forecast
