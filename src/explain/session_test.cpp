#include "pyro/explain/session.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <numeric>
#include <sstream>

namespace pyro::explain {
namespace {

double sum(const Parts& parts) {
  return std::accumulate(parts.begin(), parts.end(), 0.0);
}

report::FramesReader reader(const std::string& csv) {
  return std::move(*report::FramesReader::read(std::make_unique<std::istringstream>(csv), "test"));
}

constexpr char kHeader[] = "time_s,face_id,valid,angry,disgust,fear,happy,sad,surprise,neutral\n";

TEST(ExplainSession, HandWorked) {
  // Minute 0: S = -0.8 and -0.6. Minute 1: a gap only. Minute 2: nobody. Minute 3: S = 0.5 and 0.1.
  report::FramesReader frames = reader(std::string(kHeader) +
                                       "0,0,1,0,0,0,0.8,0,0,0.2\n"
                                       "59.9,0,1,0.2,0,0,0.8,0,0,0\n"
                                       "60,0,0,,,,,,,\n"
                                       "130,,0,,,,,,,\n"
                                       "180,0,1,0.5,0,0,0,0,0,0.5\n"
                                       "200,0,1,0.1,0,0,0.2,0.2,0.2,0.3\n");
  const auto stories = explain_recorded(frames, {});
  ASSERT_TRUE(stories) << stories.error().text();
  ASSERT_EQ(stories->size(), 1U);
  const std::vector<Step>& steps = stories->front().steps;
  ASSERT_EQ(steps.size(), 4U);
  EXPECT_NEAR(steps[0].level.score, -0.7, 1e-15);
  EXPECT_NEAR(steps[0].level.score_parts[0], 0.1, 1e-15);   // angry
  EXPECT_NEAR(steps[0].level.score_parts[3], -0.8, 1e-15);  // happy
  EXPECT_NEAR(steps[0].level.volatility, 0.01, 1e-15);
  EXPECT_NEAR(steps[0].level.volatility_parts[0], 0.01, 1e-15) << "only angry moved";
  EXPECT_NEAR(steps[0].level.final_score, 0.7 * -0.7 + 0.3 * 0.01, 1e-15);
  EXPECT_FALSE(steps[0].change);
  EXPECT_EQ(steps[1].level.frames, 1);
  EXPECT_EQ(steps[1].level.valid, 0);
  EXPECT_TRUE(std::isnan(steps[1].level.score)) << "a gap is no zero";
  EXPECT_FALSE(steps[1].change);
  EXPECT_EQ(steps[2].level.frames, 0);
  ASSERT_TRUE(steps[3].change);
  EXPECT_EQ(steps[3].change->since, 0U) << "against the last step that has a score";
  EXPECT_NEAR(steps[3].change->score, 0.3 + 0.7, 1e-15);
  EXPECT_NEAR(steps[3].change->score_parts[0], 0.3 - 0.1, 1e-15);
  EXPECT_NEAR(steps[3].change->score_parts[3], -0.1 + 0.8, 1e-15);
  EXPECT_NEAR(steps[3].change->score_parts[4], 0.1, 1e-15);
  EXPECT_EQ(steps[3].change->score_parts[6], 0) << "gamma is 0: neutral weighs nothing";
}

TEST(ExplainSession, PeopleHaveStoriesOfTheirOwn) {
  report::FramesReader frames = reader(std::string(kHeader) +
                                       "0,0,1,1,0,0,0,0,0,0\n"
                                       "0,1,1,0,0,0,1,0,0,0\n"
                                       "10,1,1,0,0,0,0,0,0,1\n");
  const auto stories = explain_recorded(frames, {}, Seconds{10});
  ASSERT_TRUE(stories);
  ASSERT_EQ(stories->size(), 2U);
  EXPECT_EQ((*stories)[0].steps.size(), 1U);
  EXPECT_EQ((*stories)[1].steps.at(1).change->score, 1);
}

TEST(ExplainSession, RefusesStepsAndTimesThatMakeNoSense) {
  report::FramesReader far = reader(std::string(kHeader) + "0,0,1,1,0,0,0,0,0,0\n1e12,0,1,1,0,0,0,0,0,0\n");
  const auto endless = explain_recorded(far, {});
  ASSERT_FALSE(endless);
  EXPECT_EQ(endless.error().code, ErrorCode::bad_input);
  for (const double bad : {0.0, -1.0, 4000.0, std::nan("")}) {
    report::FramesReader frames = reader(std::string(kHeader) + "0,0,1,1,0,0,0,0,0,0\n");
    EXPECT_EQ(explain_recorded(frames, {}, Seconds{bad}).error().code, ErrorCode::wrong_use);
  }
}

TEST(ExplainSession, TheCuesOfTheExtendedProfileAreParts) {
  const score::ScoreSettings settings{.profile = score::Profile::extended, .delta = 0.6};
  StoryTeller teller(0, settings);
  records::FatigueCues cues;
  cues.perclos = 0.075F;
  cues.blink_duration_ms = 350;
  teller.add(0, Seconds{0}, true, {0, 0, 0, 0, 0, 0, 1}, cues);
  cues.yawns = 3;
  teller.add(1, Seconds{60}, true, {0, 0, 0, 0, 0, 0, 1}, cues);
  const PersonStory story = teller.story();
  EXPECT_NEAR(story.steps[0].level.score_parts[7], 0.6 * 0.25, 1e-7);
  EXPECT_NEAR(story.steps[0].level.score_parts[8], 0.6 * 0.125, 1e-15);
  ASSERT_TRUE(story.steps[1].change);
  EXPECT_NEAR(story.steps[1].change->score_parts[9], 0.6 * 0.25, 1e-15) << "three yawns";
  EXPECT_NEAR(story.steps[1].change->score, 0.6 * 0.25, 1e-15);
}

// Whatever was recorded, under whatever settings: the parts add up, and the step's score is the scorer's.
RC_GTEST_PROP(ExplainSession, PartsAddUpAndScoresAreTheScorers, ()) {
  const auto weight =
      rc::gen::map(rc::gen::inRange(0, 300), [](int hundredths) { return hundredths / 100.0; });
  score::ScoreSettings settings;
  settings.alpha = *weight + 0.01;
  settings.beta = *weight;
  settings.gamma = *weight;
  settings.delta = *weight;
  settings.lambda = *rc::gen::inRange(0, 101) / 100.0;
  if (*rc::gen::arbitrary<bool>()) settings.profile = score::Profile::extended;
  StoryTeller teller(0, settings);
  score::Scorer scorer(settings);
  std::map<std::int64_t, score::SessionScore> expected;
  double time_s = 0;
  records::FatigueCues cues;
  const int rows = *rc::gen::inRange(1, 120);
  for (int i = 0; i < rows; ++i) {
    time_s += *rc::gen::inRange(0, 9000) / 100.0;
    const auto parts = *rc::gen::container<std::vector<int>>(records::kClasses, rc::gen::inRange(0, 1000));
    const double all = std::accumulate(parts.begin(), parts.end(), 0) + 1.0;
    score::Probabilities p{};
    for (std::size_t c = 0; c < p.size(); ++c) p[c] = (parts[c] + 1.0 / 7) / all;
    if (*rc::gen::inRange(0, 9) == 0) p.fill(std::nan(""));
    const bool valid = *rc::gen::inRange(0, 4) > 0;
    cues.perclos =
        *rc::gen::arbitrary<bool>() ? static_cast<float>(*rc::gen::inRange(0, 100)) / 100 : records::kNoValue;
    cues.blink_duration_ms = static_cast<float>(*rc::gen::inRange(0, 900));
    cues.yawns += *rc::gen::inRange(0, 2);
    const auto step = static_cast<std::int64_t>(time_s / 60);
    teller.add(step, Seconds{time_s}, valid, p, cues);
    const double seen = scorer.update_recorded(Seconds{time_s}, valid, p, cues).step;
    if (!std::isnan(seen)) expected.try_emplace(step, settings).first->second.add(seen);
  }
  const PersonStory story = teller.story();
  const auto same = [](double a, double b) {
    RC_ASSERT((std::isnan(a) && std::isnan(b)) || std::abs(a - b) <= 1e-12);
  };
  const auto adds_up = [&](const Level& level) {
    same(sum(level.score_parts), level.score);
    same(sum(level.volatility_parts), level.volatility);
    same(sum(level.final_parts), level.final_score);
  };
  adds_up(story.session);
  same(story.session.score, scorer.session().mean());
  same(story.session.final_score, scorer.session().final_score());
  double score = 0, moved = 0;
  bool begun = false;
  for (const Step& step : story.steps) {
    adds_up(step.level);
    const auto found = expected.find(step.number);
    RC_ASSERT((found != expected.end()) == (step.level.valid > 0));
    if (found == expected.end()) {
      RC_ASSERT(!step.change);
      continue;
    }
    same(step.level.score, found->second.mean());
    same(step.level.final_score, found->second.final_score());
    RC_ASSERT(step.change.has_value() == begun);
    if (step.change) {
      same(sum(step.change->score_parts), step.change->score);
      same(sum(step.change->final_parts), step.change->final_score);
      moved += step.change->score;
    } else {
      score = step.level.score;
    }
    begun = true;
    same(score + moved, step.level.score);  // no change is lost over a gap
  }
}

}  // namespace
}  // namespace pyro::explain
