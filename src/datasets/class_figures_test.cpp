#include "pyro/datasets/class_figures.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "pyro/datasets/mcnemar.hpp"

namespace pyro::datasets {
namespace {

// scikit-learn 1.8 precision_recall_fscore_support([0,0,0,1,2], [0,0,1,1,0]); where it warns and says 0 we
// say NaN.
TEST(ByClass, IsAsScikitLearnHasIt) {
  const ByClass classes = by_class({{0, 0}, {0, 0}, {0, 1}, {1, 1}, {2, 0}});
  EXPECT_NEAR(classes[0].precision, 2.0 / 3, 1e-12);
  EXPECT_NEAR(classes[0].recall, 2.0 / 3, 1e-12);
  EXPECT_NEAR(classes[0].f1, 2.0 / 3, 1e-12);
  EXPECT_NEAR(classes[1].precision, 0.5, 1e-12);
  EXPECT_NEAR(classes[1].recall, 1, 1e-12);
  EXPECT_TRUE(std::isnan(classes[2].precision));
  EXPECT_EQ(classes[2].recall, 0);
  EXPECT_EQ(classes[2].f1, 0);
  EXPECT_EQ(classes[0].support, 3);
  EXPECT_TRUE(std::isnan(classes[6].recall));
}

TEST(ByClass, AMissedFaceLowersRecallButNobodysPrecision) {
  const ByClass classes = by_class({{0, 0}, {0, kMissed}});
  EXPECT_EQ(classes[0].precision, 1);
  EXPECT_EQ(classes[0].recall, 0.5);
}

// 300 of 400 right; half of them of each class, recall 0.9 and 0.6. Normal approximations:
// accuracy ± 1.96·√(.75·.25/400) = ± 0.0424; recall ± 1.96·√(.9·.1/200) = ± 0.0416 and ± 0.0679.
TEST(Intervals, AreNearTheNormalApproximation) {
  std::vector<Judged> judged;
  judged.reserve(400);
  for (int i = 0; i < 200; ++i) judged.push_back({0, i < 180 ? 0 : 1});
  for (int i = 0; i < 200; ++i) judged.push_back({1, i < 120 ? 1 : 0});
  const Intervals intervals = intervals_of(judged, 7);
  EXPECT_NEAR(intervals.accuracy.low, 0.75 - 0.0424, 0.01);
  EXPECT_NEAR(intervals.accuracy.high, 0.75 + 0.0424, 0.01);
  EXPECT_NEAR(intervals.recall[0].low, 0.9 - 0.0416, 0.01);
  EXPECT_NEAR(intervals.recall[1].high, 0.6 + 0.0679, 0.012);
  EXPECT_LT(intervals.macro_f1.low, figures_of(judged).macro_f1);
  EXPECT_GT(intervals.balanced_accuracy.high, 0.75);
  EXPECT_TRUE(std::isnan(intervals.recall[5].low));
  EXPECT_EQ(intervals.accuracy.low, intervals_of(judged, 7).accuracy.low);
  EXPECT_EQ(intervals.accuracy.low, accuracy_interval(judged, 7).low) << "one seed, one interval";
}

TEST(Intervals, OfAMeanHoldItAndNothingGivesNaN) {
  std::vector<double> values(100);
  std::iota(values.begin(), values.end(), 0.0);
  const Interval interval = mean_interval(values, 1);  // 49.5 ± 1.96·28.87/10
  EXPECT_NEAR(interval.low, 49.5 - 5.66, 0.8);
  EXPECT_NEAR(interval.high, 49.5 + 5.66, 0.8);
  EXPECT_TRUE(std::isnan(mean_interval({}, 1).low));
}

// SciPy 1.17: stats.binomtest(b, b + c, 0.5).pvalue
TEST(McNemar, FewDiscordantPairsGoByTheBinomial) {
  EXPECT_NEAR(mcnemar(3, 10).p, 0.09228515625, 1e-12);
  EXPECT_NEAR(mcnemar(0, 5).p, 0.0625, 1e-12);
  EXPECT_NEAR(mcnemar(7, 7).p, 1, 1e-12);
  EXPECT_NEAR(mcnemar(1, 23).p, 2.9802322387695312e-06, 1e-15);
  EXPECT_EQ(mcnemar(0, 0).p, 1);
  EXPECT_TRUE(mcnemar(12, 12).exact);
}

// SciPy 1.17: stats.chi2.sf(max(0, |b - c| - 1)² / (b + c), 1)
TEST(McNemar, ManyByTheCorrectedChiSquare) {
  EXPECT_FALSE(mcnemar(12, 13).exact);
  EXPECT_NEAR(mcnemar(59, 6).chi2, 41.6, 1e-9);
  EXPECT_NEAR(mcnemar(59, 6).p / 1.1199327149542469e-10, 1, 1e-9);
  EXPECT_NEAR(mcnemar(40, 60).p, 0.05743311963200335, 1e-12);
  EXPECT_NEAR(mcnemar(12, 13).p, 1, 1e-12);
}

TEST(McNemar, CountsOnlyWhatOneOfTwoHasRight) {
  const std::vector<Judged> first{{0, 0}, {0, 0}, {1, 0}, {1, kMissed}},
      second{{0, 0}, {0, 1}, {1, 1}, {1, 1}};
  const McNemar test = mcnemar(first, second);
  EXPECT_EQ(test.only_first, 1);
  EXPECT_EQ(test.only_second, 2);
  const Difference difference = accuracy_difference(first, second, 1);
  EXPECT_EQ(difference.value, -0.25);
  EXPECT_LE(difference.interval.low, -0.25);
}

}  // namespace
}  // namespace pyro::datasets
