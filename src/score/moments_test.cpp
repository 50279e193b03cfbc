// Streaming equals the two-pass formula, which is computed here in long double.
#include "pyro/score/moments.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <deque>
#include <random>
#include <vector>

namespace {

using namespace pyro;
using score::Moments;
using score::RollingMoments;

struct Batch {
  double mean, variance;
};
template <typename Numbers>
Batch batch(const Numbers& numbers) {
  long double sum = 0, squares = 0;
  for (const double x : numbers) sum += static_cast<long double>(x);
  const long double mean = sum / static_cast<long double>(numbers.size());
  for (const double x : numbers)
    squares += (static_cast<long double>(x) - mean) * (static_cast<long double>(x) - mean);
  return {static_cast<double>(mean), static_cast<double>(squares / static_cast<long double>(numbers.size()))};
}

TEST(Moments, TenMillionStepsStayWithinABillionth) {
  std::mt19937_64 random{7};
  std::uniform_real_distribution<double> uniform{-1, 1};
  std::vector<double> numbers(10'000'000);
  Moments moments;
  for (double& x : numbers) {
    x = uniform(random);
    moments.add(x);
  }
  const Batch expected = batch(numbers);
  EXPECT_NEAR(moments.mean, expected.mean, 1e-12);
  EXPECT_NEAR(moments.variance(), expected.variance, 1e-12);
}

TEST(Moments, HugeOffsetKeepsTheVariance) {
  // The one-pass textbook formula loses everything here: 1e9 squared has no digits left for a variance of
  // 1/3.
  std::mt19937_64 random{8};
  std::uniform_real_distribution<double> uniform{-1, 1};
  std::vector<double> numbers(1'000'000);
  Moments moments;
  for (double& x : numbers) {
    x = 1e9 + uniform(random);
    moments.add(x);
  }
  const Batch expected = batch(numbers);
  EXPECT_NEAR(moments.mean, expected.mean, 1e-6);  // 1e9 itself is stored in steps of 1.2e-7
  EXPECT_NEAR(moments.variance(), expected.variance, 1e-9);
}

TEST(Moments, ConstantHasExactlyNoVariance) {
  Moments moments;
  RollingMoments rolling{Seconds{60}};
  for (int i = 0; i < 1'000'000; ++i) {
    moments.add(0.1);
    rolling.add(Seconds{i * 0.04}, 0.1);
  }
  EXPECT_EQ(moments.mean, 0.1);
  EXPECT_EQ(moments.variance(), 0);
  EXPECT_EQ(rolling.moments().count, 1500);
  EXPECT_NEAR(rolling.moments().mean, 0.1, 1e-15);
  EXPECT_NEAR(rolling.moments().variance(), 0, 1e-30);
}

TEST(RollingMoments, TenMillionStepsStayWithinABillionth) {
  std::mt19937_64 random{9};
  std::uniform_real_distribution<double> uniform{-1, 1};
  RollingMoments rolling{Seconds{60}};
  std::deque<double> inside;
  double worst = 0;
  for (int i = 0; i < 10'000'000; ++i) {
    const double x = uniform(random);
    rolling.add(Seconds{i / 30.0}, x);
    inside.push_back(x);
    if (inside.size() > 1800) inside.pop_front();
    if (i % 9973 != 0) continue;
    // (now - 60, now] at 30 fps holds 1,800; a rounded time at the edge may let one more or less in.
    const Moments moments = rolling.moments();
    ASSERT_NEAR(static_cast<double>(moments.count), static_cast<double>(inside.size()), 1);
    if (moments.count != static_cast<std::int64_t>(inside.size())) continue;
    const Batch expected = batch(inside);
    worst = std::max(
        {worst, std::abs(moments.mean - expected.mean), std::abs(moments.variance() - expected.variance)});
  }
  EXPECT_LT(worst, 1e-12);
}

RC_GTEST_PROP(RollingMoments, EqualsTheBatchFormula, ()) {
  const double offset = *rc::gen::element(0.0, 1.0, -1e3, 1e6);
  const double span_s = *rc::gen::element(0.5, 10.0, 60.0);
  const auto steps = *rc::gen::container<std::vector<std::pair<int, int>>>(
      rc::gen::pair(rc::gen::inRange(0, 4000), rc::gen::inRange(-1'000'000, 1'000'001)));
  RollingMoments rolling{Seconds{span_s}};
  std::vector<std::pair<double, double>> seen;
  double time_s = 0;
  for (const auto& [passed_ms, millionths] : steps) {
    time_s += passed_ms * 1e-3;
    const double x = offset + millionths * 1e-6;
    if (passed_ms % 5 == 0) {
      rolling.advance(Seconds{time_s});  // a gap
    } else {
      rolling.add(Seconds{time_s}, x);
      seen.emplace_back(time_s, x);
    }
    std::vector<double> inside;
    for (const auto& [t, value] : seen) {
      if (t > time_s - span_s) inside.push_back(value);
    }
    const Moments moments = rolling.moments();
    RC_ASSERT(moments.count == static_cast<std::int64_t>(inside.size()));
    if (inside.empty()) {
      RC_ASSERT(std::isnan(moments.variance()));
      continue;
    }
    const Batch expected = batch(inside);
    const double tolerance = 1e-9 * std::max(1.0, std::abs(offset) * 1e-3);
    RC_ASSERT(std::abs(moments.mean - expected.mean) <= tolerance);
    RC_ASSERT(std::abs(moments.variance() - expected.variance) <= tolerance);
  }
}

RC_GTEST_PROP(Moments, HalvesMakeTheWhole,
              (const std::vector<std::int16_t>& left, const std::vector<std::int16_t>& right)) {
  Moments all, first, second;
  for (const auto x : left) {
    all.add(x);
    first.add(x);
  }
  for (const auto x : right) {
    all.add(x);
    second.add(x);
  }
  first.add(second);
  RC_ASSERT(first.count == all.count);
  if (all.count == 0) return;
  RC_ASSERT(std::abs(first.mean - all.mean) <= 1e-9);
  RC_ASSERT(std::abs(first.variance() - all.variance()) <= 1e-12 * std::max(1.0, all.variance()));
}

TEST(RollingMoments, ATimeThatGoesBackCountsAsTheLatest) {
  RollingMoments rolling{Seconds{10}};
  rolling.add(Seconds{100}, 1);
  rolling.add(Seconds{50}, 2);
  EXPECT_EQ(rolling.moments().count, 2);
  rolling.advance(Seconds{110});
  EXPECT_EQ(rolling.moments().count, 0);
}

}  // namespace
