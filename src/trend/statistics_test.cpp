#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "numbers.hpp"
#include "pyro/trend/changes.hpp"
#include "pyro/trend/level.hpp"
#include "pyro/trend/slope.hpp"

namespace pyro::trend {
namespace {

std::vector<double> count_up(std::size_t n) {
  std::vector<double> day(n);
  std::iota(day.begin(), day.end(), 0.0);
  return day;
}

// Normal noise in which each value keeps `lag1` of the one before; the standard deviation is 1.
std::vector<double> made_noise(std::size_t n, double lag1, std::mt19937_64& engine) {
  std::normal_distribution<double> normal;
  std::vector<double> value(n);
  value[0] = normal(engine);
  for (std::size_t i = 1; i < n; ++i)
    value[i] = lag1 * value[i - 1] + std::sqrt(1 - lag1 * lag1) * normal(engine);
  return value;
}

TEST(Slope, HandWorked) {
  const std::vector<double> day{0, 1, 3}, value{1, 2, 6};
  const Result<Slope> found = robust_slope(day, value);
  ASSERT_TRUE(found);
  EXPECT_DOUBLE_EQ(found->per_day, 5.0 / 3) << "of 1, 5/3 and 2";
  EXPECT_DOUBLE_EQ(found->at_start, 2 - 5.0 / 3) << "through the medians (1, 2)";
}

TEST(Slope, OneOddDayBendsNothing) {
  std::mt19937_64 engine(7);
  std::vector<double> day = count_up(60), value = made_noise(60, 0, engine);
  for (std::size_t i = 0; i < 60; ++i) value[i] += 0.1 * static_cast<double>(i);
  const double before = robust_slope(day, value)->per_day;
  value[50] = 1e6;
  EXPECT_NEAR(robust_slope(day, value)->per_day, before, 0.01);
}

TEST(Slope, RefusesWhatHasNoTrend) {
  const std::vector<double> day = count_up(9), same(9, 4.5);
  EXPECT_EQ(robust_slope(day, same).error().code, ErrorCode::bad_input);
  EXPECT_EQ(robust_slope(std::vector<double>{0, 1}, std::vector<double>{1, 2}).error().code,
            ErrorCode::bad_input);
}

RC_GTEST_PROP(Slope, AStraightLineIsFoundWhereverItsDaysLie, ()) {
  const auto gaps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 30));
  RC_PRE(gaps.size() >= 3 && gaps.size() < 60);
  const int rise = *rc::gen::inRange(1, 50);
  std::vector<double> day, value;
  double at = 0;
  for (const int gap : gaps) {
    at += gap;
    day.push_back(at), value.push_back(10 - rise * at);
  }
  const Result<Slope> found = robust_slope(day, value);
  RC_ASSERT(found.has_value());
  RC_ASSERT(std::abs(found->per_day + rise) < 1e-9 && std::abs(found->low + rise) < 1e-9);
  RC_ASSERT(std::abs(found->at_start - value[0]) < 1e-6);
}

// How often 120 days without any trend are said to have one (p < 0.05), and how often the interval holds the
// true slope 0. docs/trend.md has these figures.
TEST(Slope, FalseTrendsInDaysThatAreAlike) {
  constexpr int kRuns = 1000;
  for (const double lag1 : {0.0, 0.3, 0.6}) {
    std::mt19937_64 engine(11);
    const std::vector<double> day = count_up(120);
    int plain = 0, modified = 0, held = 0;
    for (int run = 0; run < kRuns; ++run) {
      const Slope found = *robust_slope(day, made_noise(120, lag1, engine));
      plain += found.p_independent < 0.05 ? 1 : 0;
      modified += found.p < 0.05 ? 1 : 0;
      held += found.low <= 0 && found.high >= 0 ? 1 : 0;
    }
    std::printf("lag-1 %.1f: false trends %.1f %% plain, %.1f %% modified; interval holds 0 in %.1f %%\n",
                lag1, 100.0 * plain / kRuns, 100.0 * modified / kRuns, 100.0 * held / kRuns);
    if (lag1 > 0) {
      EXPECT_LT(modified, plain * 0.75);
    }
    EXPECT_LT(modified, 0.11 * kRuns);
    EXPECT_GE(held, 0.89 * kRuns);
  }
}

// How often the 95 % band holds the true level, in and out of a gap of 20 days. docs/trend.md has this
// figure.
TEST(Level, TheBandHoldsTheLevelAndWidensInAGap) {
  constexpr int kRuns = 300;
  constexpr std::size_t kDays = 90;
  std::mt19937_64 engine(3);
  std::normal_distribution<double> normal;
  int inside = 0, inside_gap = 0, wider = 0;
  for (int run = 0; run < kRuns; ++run) {
    std::vector<double> value(kDays), truth(kDays);
    double level = 40;
    for (std::size_t i = 0; i < kDays; ++i) {
      truth[i] = level += 0.5 * normal(engine);
      value[i] = i >= 40 && i < 60 ? kNaN : level + normal(engine);
    }
    const Result<SmoothLevel> found = smooth_level(count_up(kDays), value);
    ASSERT_TRUE(found);
    wider += found->deviation[50] >= found->deviation[20] ? 1 : 0;
    for (std::size_t i = 0; i < kDays; ++i) {
      if (std::abs(found->value[i] - truth[i]) > kZ95 * found->deviation[i]) continue;
      (i >= 40 && i < 60 ? inside_gap : inside) += 1;
    }
  }
  std::printf("band holds the level on %.1f %% of days with a value, %.1f %% in the gap\n",
              100.0 * inside / (kRuns * 70), 100.0 * inside_gap / (kRuns * 20));
  EXPECT_EQ(wider, kRuns);
  EXPECT_GT(inside, 0.9 * kRuns * 70);
  EXPECT_GT(inside_gap, 0.88 * kRuns * 20);
}

TEST(Level, IrregularTimesAreAsDaysWithGaps) {
  std::mt19937_64 engine(5);
  const std::vector<double> noise = made_noise(60, 0.5, engine);
  std::vector<double> all_days = count_up(60), with_holes = noise, few_days, few;
  for (std::size_t i = 0; i < 60; ++i) {
    if (i % 7 == 3 || i % 5 == 1) {
      with_holes[i] = kNaN;
    } else {
      few_days.push_back(all_days[i]), few.push_back(noise[i]);
    }
  }
  const Result<SmoothLevel> holes = smooth_level(all_days, with_holes), times = smooth_level(few_days, few);
  ASSERT_TRUE(holes && times);
  EXPECT_NEAR(holes->noise_variance, times->noise_variance, 1e-9);
  for (std::size_t i = 0, at = 0; i < 60; ++i) {
    if (std::isnan(with_holes[i])) continue;
    EXPECT_NEAR(holes->value[i], times->value[at], 1e-8);
    EXPECT_NEAR(holes->deviation[i], times->deviation[at++], 1e-8);
  }
}

TEST(Level, RefusesWhatHasNoBand) {
  EXPECT_FALSE(smooth_level(count_up(20), std::vector<double>(20, 3.0)));
  EXPECT_FALSE(smooth_level(count_up(4), std::vector<double>{1, 2, 3, 4}));
}

// The same by looking at every possible last cut.
std::vector<std::size_t> cut_the_long_way(const std::vector<double>& value, double penalty,
                                          std::size_t least) {
  const std::size_t n = value.size();
  std::vector<double> best(n + 1, 1e300);
  std::vector<std::size_t> last(n + 1, 0);
  best[0] = -penalty;
  for (std::size_t end = least; end <= n; ++end) {
    for (std::size_t start = 0; start + least <= end; ++start) {
      double sum = 0, squares = 0;
      for (std::size_t i = start; i < end; ++i) sum += value[i], squares += value[i] * value[i];
      const double total = best[start] + squares - sum * sum / static_cast<double>(end - start) + penalty;
      if (total < best[end]) best[end] = total, last[end] = start;
    }
  }
  std::vector<std::size_t> cuts;
  for (std::size_t at = last[n]; at > 0; at = last[at]) cuts.insert(cuts.begin(), at);
  return cuts;
}

RC_GTEST_PROP(Changes, PruningLosesNothing, (std::uint64_t seed)) {
  std::mt19937_64 engine(seed);
  const auto least = *rc::gen::inRange<std::size_t>(1, 9);
  const auto n = *rc::gen::inRange<std::size_t>(2 * least, 80);
  std::vector<double> value = made_noise(n, 0.4, engine);
  for (std::size_t i = n / 3; i < n; ++i) value[i] += *rc::gen::inRange(-3, 4);
  const double penalty = 0.25 * *rc::gen::inRange(0, 40) + 0.1;
  RC_ASSERT(cut_by_mean(value, penalty, least) == cut_the_long_way(value, penalty, least));
}

TEST(Changes, AShiftIsFoundAndOneOddDayIsNot) {
  std::mt19937_64 engine(21);
  std::vector<double> value = made_noise(90, 0.3, engine);
  EXPECT_TRUE(change_points(value)->first.empty());
  std::vector<double> odd = value;
  odd[40] = 500;
  EXPECT_TRUE(change_points(odd)->first.empty());
  for (std::size_t i = 50; i < 90; ++i) value[i] += 3;
  const Result<Changes> found = change_points(value);
  ASSERT_EQ(found->first.size(), 1U);
  EXPECT_NEAR(static_cast<double>(found->first[0]), 50, 2);
}

TEST(Changes, RefusesTooFewAndConstant) {
  EXPECT_FALSE(change_points(count_up(13)));
  EXPECT_FALSE(change_points(std::vector<double>(40, 2.0)));
}

// How often 120 days without a change are said to have one, and how often a shift of two standard deviations
// in the middle is found within a week. docs/trend.md has these figures.
TEST(Changes, FalseAndFoundChanges) {
  constexpr int kRuns = 1000;
  for (const double lag1 : {0.0, 0.3, 0.6}) {
    std::mt19937_64 engine(13);
    int none = 0, shifted = 0;
    for (int run = 0; run < kRuns; ++run) {
      std::vector<double> value = made_noise(120, lag1, engine);
      none += change_points(value)->first.empty() ? 0 : 1;
      for (std::size_t i = 60; i < 120; ++i) value[i] += 2;
      const auto found = change_points(value)->first;
      shifted += std::ranges::any_of(found, [](std::size_t at) { return at >= 53 && at <= 67; }) ? 1 : 0;
    }
    std::printf("lag-1 %.1f: false changes in %.1f %% of series; shift of 2 sd found in %.1f %%\n", lag1,
                100.0 * none / kRuns, 100.0 * shifted / kRuns);
    EXPECT_LT(none, 0.1 * kRuns);
  }
}

}  // namespace
}  // namespace pyro::trend
