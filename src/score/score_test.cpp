#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "pyro/score/parts.hpp"
#include "pyro/score/scorer.hpp"

namespace {

using namespace pyro;
using namespace pyro::score;

constexpr Probabilities kAngry{1, 0, 0, 0, 0, 0, 0};
constexpr Probabilities kHappy{0, 0, 0, 1, 0, 0, 0};
constexpr Probabilities kNeutral{0, 0, 0, 0, 0, 0, 1};
//                            angry disgust fear happy  sad surprise neutral
constexpr Probabilities kMixed{0.1, 0.05, 0.15, 0.2, 0.25, 0.05, 0.2};

TEST(Step, HandWorked) {
  ScoreSettings settings;
  EXPECT_NEAR(step(kMixed, settings), 0.55 - 0.2, 1e-15);
  settings.alpha = 2;
  settings.beta = 0.5;
  settings.gamma = 0.4;
  EXPECT_NEAR(step(kMixed, settings), 2 * 0.55 - 0.5 * 0.2 + 0.4 * 0.25, 1e-15);
  EXPECT_EQ(step(kMixed, settings, 0.5), step(kMixed, settings)) << "the thesis profile knows no fatigue";
  settings.profile = Profile::extended;
  settings.delta = 0.6;
  EXPECT_NEAR(step(kMixed, settings, 0.5), 1.1 - 0.1 + 0.1 + 0.3, 1e-15);
}

TEST(Step, RangeIsReachedByPureExpressions) {
  ScoreSettings settings;
  EXPECT_EQ(step_range(settings).low, -1);
  EXPECT_EQ(step_range(settings).high, 1);
  EXPECT_EQ(max_volatility(settings), 1);
  settings = {.alpha = 2, .beta = 0.5, .gamma = 3};
  EXPECT_EQ(step_range(settings).low, step(kHappy, settings));
  EXPECT_EQ(step_range(settings).high, step(kNeutral, settings));
  EXPECT_EQ(max_volatility(settings), 1.75 * 1.75);
  settings.profile = Profile::extended;
  EXPECT_EQ(step_range(settings).high, 3.5);
}

TEST(Index, WorkedExample) {
  // The example of docs/formats.md.
  const ScoreSettings settings;
  SessionScore session{settings};
  for (const double s : {0.2, 0.4, -0.1, 0.5}) session.add(s);
  EXPECT_NEAR(session.mean(), 0.25, 1e-15);
  EXPECT_NEAR(session.volatility(), 0.0525, 1e-15);
  EXPECT_NEAR(session.final_score(), 0.7 * 0.25 + 0.3 * 0.0525, 1e-15);
  EXPECT_NEAR(session.index(), 100 * (0.7 * 0.625 + 0.3 * 0.0525), 1e-12);
  EXPECT_EQ(session.min(), -0.1);
  EXPECT_EQ(session.max(), 0.5);
  EXPECT_EQ(session.valid_frames(), 4);
}

TEST(Index, EndsAreReached) {
  ScoreSettings settings;
  EXPECT_EQ(index(-1, 0, settings), 0);
  settings.lambda = 1;
  EXPECT_EQ(index(1, 0, settings), 100);
  settings.lambda = 0;
  EXPECT_EQ(index(0, 1, settings), 100);
  EXPECT_EQ(index(0, 1 + 1e-7, settings), 100) << "rounding in recorded probabilities stays inside";
  EXPECT_TRUE(std::isnan(index(std::numeric_limits<double>::quiet_NaN(), 0, settings)));
}

TEST(Settings, RefusesWhatMakesNoSense) {
  EXPECT_TRUE(validate({}));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  for (const double bad : {nan, inf, -1.0}) {
    EXPECT_FALSE(validate({.alpha = bad}));
    EXPECT_FALSE(validate({.beta = bad}));
    EXPECT_FALSE(validate({.gamma = bad}));
    EXPECT_FALSE(validate({.lambda = bad}));
    EXPECT_FALSE(validate({.delta = bad}));
    EXPECT_FALSE(validate({.window = Seconds{bad}}));
  }
  EXPECT_FALSE(validate({.lambda = 1.01}));
  EXPECT_FALSE(validate({.window = Seconds{0}}));
  const Status zero = validate({.alpha = 0, .beta = 0, .gamma = 0});
  ASSERT_FALSE(zero);
  EXPECT_EQ(zero.error().code, ErrorCode::wrong_use);
  EXPECT_EQ(validate({.lambda = 2}).error().message, "score setting lambda is 2; give a share from 0 to 1");
}

TEST(Settings, TextAndHashAreStable) {
  EXPECT_EQ(settings_text({}), "alpha=1;beta=1;gamma=0;lambda=0.7;window_s=60;profile=thesis");
  EXPECT_EQ(settings_text({.profile = Profile::extended}),
            "alpha=1;beta=1;gamma=0;lambda=0.7;window_s=60;profile=extended;delta=0.5;baseline_s=20");
  EXPECT_EQ(stable_hash(""), "cbf29ce484222325");  // FNV-1a's published values
  EXPECT_EQ(stable_hash("a"), "af63dc4c8601ec8c");
  EXPECT_EQ(stable_hash("foobar"), "85944171f73967e8");
}

TEST(Fatigue, PartsAndUnknowns) {
  records::FatigueCues cues;
  EXPECT_EQ(fatigue_term(cues, 0), 0) << "only the yawns are known";
  EXPECT_EQ(fatigue_term(cues, 3), 1);
  cues.perclos = 0.075F;
  EXPECT_NEAR(fatigue_term(cues, 0), 0.5 * 0.5 / 0.75, 1e-7);
  cues.blink_duration_ms = 350;
  EXPECT_NEAR(fatigue_term(cues, 0), 0.25 + 0.125, 1e-7);
  cues.perclos = 1;
  cues.blink_duration_ms = 5000;
  EXPECT_EQ(fatigue_term(cues, 9), 1);
}

TEST(Fatigue, PartsAddUpToTheTerm) {
  records::FatigueCues cues;
  EXPECT_EQ(fatigue_parts(cues, 3).yawns, 1) << "alone, it has all the weight";
  cues.perclos = 0.075F;
  cues.blink_duration_ms = 275;
  const FatigueParts parts = fatigue_parts(cues, 1);
  EXPECT_NEAR(parts.perclos, 0.25, 1e-7);
  EXPECT_NEAR(parts.blink_duration, 0.0625, 1e-15);
  EXPECT_NEAR(parts.yawns, 0.25 / 3, 1e-15);
  EXPECT_NEAR(parts.perclos + parts.blink_duration + parts.yawns, fatigue_term(cues, 1), 1e-15);
}

TEST(Step, IsTheWeightedSumOfItsProbabilities) {
  const ScoreSettings settings{.alpha = 2, .beta = 0.5, .gamma = 0.4};
  const Probabilities weights = expression_weights(settings);
  double sum = 0;
  for (std::size_t i = 0; i < kMixed.size(); ++i) sum += weights[i] * kMixed[i];
  EXPECT_NEAR(sum, step(kMixed, settings), 1e-15);
}

TEST(Scorer, AGapIsNoZero) {
  const ScoreSettings settings;
  Scorer scorer{settings};
  EXPECT_TRUE(std::isnan(scorer.update_recorded(Seconds{0}, false, {}, {}).index));
  scorer.update_recorded(Seconds{1}, true, kAngry, {});
  const auto gap = scorer.update_recorded(Seconds{2}, false, {}, {});
  EXPECT_TRUE(std::isnan(gap.step));
  EXPECT_EQ(gap.mean, 1);
  EXPECT_EQ(gap.frames, 1);
  const auto next = scorer.update_recorded(Seconds{3}, true, kNeutral, {});
  EXPECT_EQ(next.mean, 0.5);
  EXPECT_EQ(next.volatility, 0.25);
  records::Expression missing;
  missing.p.fill(records::kNoValue);
  EXPECT_EQ(scorer.update(Seconds{4}, true, missing, {}).frames, 2) << "no expression is a gap too";
  EXPECT_EQ(scorer.session().valid_frames(), 2);
}

TEST(Scorer, TheWindowIsOpenAtItsOldEnd) {
  Scorer scorer{ScoreSettings{.window = Seconds{10}}};
  scorer.update_recorded(Seconds{0}, true, kAngry, {});
  scorer.update_recorded(Seconds{5}, true, kHappy, {});
  EXPECT_EQ(scorer.update_recorded(Seconds{9.999}, false, {}, {}).frames, 2);
  const auto at_ten = scorer.update_recorded(Seconds{10}, false, {}, {});
  EXPECT_EQ(at_ten.frames, 1);
  EXPECT_EQ(at_ten.mean, -1);
  const auto empty = scorer.update_recorded(Seconds{15}, false, {}, {});
  EXPECT_EQ(empty.frames, 0);
  EXPECT_TRUE(std::isnan(empty.mean) && std::isnan(empty.volatility) && std::isnan(empty.index));
  EXPECT_EQ(scorer.session().mean(), 0);
}

TEST(Scorer, ExtendedTakesZAgainstTheFirstSeconds) {
  ScoreSettings settings{.window = Seconds{1}, .profile = Profile::extended, .baseline = Seconds{4}};
  Scorer scorer{settings};
  for (int t = 0; t < 4; ++t) {
    const auto score = scorer.update_recorded(Seconds{t}, true, t % 2 == 0 ? kNeutral : kAngry, {});
    EXPECT_TRUE(std::isnan(score.z));
    EXPECT_EQ(score.fatigue, 0);
  }
  const auto after = scorer.update_recorded(Seconds{4}, true, kAngry, {});
  ASSERT_TRUE(scorer.baseline());
  EXPECT_EQ(scorer.baseline()->mean, 0.5);
  EXPECT_EQ(scorer.baseline()->deviation, 0.5);
  EXPECT_EQ(after.z, 1);

  settings.known_baseline = Baseline{0, 0, 100};
  Scorer known{settings};
  EXPECT_EQ(known.update_recorded(Seconds{0}, true, kAngry, {}).z, 1 / kLeastDeviation);
}

TEST(Scorer, ExtendedForgetsYawnsAfterFiveMinutes) {
  Scorer scorer{ScoreSettings{.profile = Profile::extended}};
  records::FatigueCues cues;
  cues.perclos = 0;
  cues.blink_duration_ms = 0;
  cues.yawns = 1;
  EXPECT_NEAR(scorer.update_recorded(Seconds{0}, true, kNeutral, cues).fatigue, 0.25 / 3, 1e-15);
  cues.yawns = 2'000'000'000;
  EXPECT_NEAR(scorer.update_recorded(Seconds{100}, true, kNeutral, cues).fatigue, 0.25, 1e-15);
  EXPECT_NEAR(scorer.update_recorded(Seconds{399}, true, kNeutral, cues).fatigue, 0.25, 1e-15);
  EXPECT_EQ(scorer.update_recorded(Seconds{400}, true, kNeutral, cues).fatigue, 0);
}

}  // namespace
