#include "pyro/datasets/metrics.hpp"

#include <gtest/gtest.h>

namespace pyro::datasets {
namespace {

// Truth 0: two of three right; truth 1: one of one; truth 2: none of one.
const std::vector<Judged> kFive = {{0, 0}, {0, 0}, {0, 1}, {1, 1}, {2, 0}};

TEST(Metrics, AMissedFaceIsAnErrorOfItsClass) {
  const Figures figures = figures_of({{0, 0}, {0, kMissed}, {1, 1}});
  EXPECT_EQ(figures.n, 3);
  EXPECT_DOUBLE_EQ(figures.accuracy, 2.0 / 3);
  EXPECT_DOUBLE_EQ(figures.balanced_accuracy, (0.5 + 1.0) / 2);
  EXPECT_EQ(figures.confusion[0][0], 1);
}

TEST(Metrics, AreAsWorkedByHand) {
  const Figures figures = figures_of(kFive);
  EXPECT_EQ(figures.n, 5);
  EXPECT_DOUBLE_EQ(figures.accuracy, 0.6);
  EXPECT_DOUBLE_EQ(figures.balanced_accuracy, (2.0 / 3 + 1.0 + 0.0) / 3);
  // F1: class 0 2·2/(3+3), class 1 2·1/(1+2), class 2 0.
  EXPECT_DOUBLE_EQ(figures.macro_f1, (2.0 / 3 + 2.0 / 3 + 0.0) / 3);
  EXPECT_EQ(figures.confusion[0][1], 1);
  EXPECT_EQ(figures.confusion[2][0], 1);
}

TEST(Metrics, NothingJudgedIsZeroNotNaN) {
  EXPECT_EQ(figures_of({}).accuracy, 0.0);
  EXPECT_EQ(accuracy_interval({}, 1).high, 0.0);
}

TEST(Metrics, TheIntervalHoldsTheAccuracyAndIsSeeded) {
  std::vector<Judged> judged(400);
  for (std::size_t i = 0; i < judged.size(); ++i) {
    judged[i].predicted = i % 4 == 0 ? 1 : 0;
  }
  const Interval interval = accuracy_interval(judged, 1);
  // Normal approximation: 0.75 ± 1.96·√(0.75·0.25/400) = 0.75 ± 0.0424.
  EXPECT_NEAR(interval.low, 0.7076, 0.01);
  EXPECT_NEAR(interval.high, 0.7924, 0.01);
  EXPECT_EQ(interval.low, accuracy_interval(judged, 1).low);
}

}  // namespace
}  // namespace pyro::datasets
