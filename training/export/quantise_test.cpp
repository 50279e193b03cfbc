#include "export/quantise.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "pyro/datasets/random.hpp"

namespace pyro::training {
namespace {

TEST(BestRange, KeepsAllOfAnEvenSpread) {
  Histogram histogram(4);
  for (int i = 0; i < 4096; ++i) {
    const std::array value{static_cast<float>(i) * 4 / 4096};
    histogram.add(value);
  }
  const Range range = best_range(histogram, 256);
  EXPECT_EQ(range.low, 0);
  EXPECT_NEAR(range.high, 4, 0.05);
}

TEST(BestRange, CutsOffALoneOutlierWhenLevelsAreFew) {
  Histogram histogram(100);
  const std::vector<float> many(100'000, 1.0F);
  const std::array lone{100.0F};
  datasets::Random random(1);
  for (const float value : many) {
    const std::array spread{value * random.uniform()};
    histogram.add(spread);
  }
  histogram.add(lone);
  EXPECT_LT(best_range(histogram, 4).high, 50);
}

TEST(BestRange, IsSymmetricWhereThereAreNegativeValues) {
  Histogram histogram(2);
  const std::array values{-2.0F, -1.0F, 0.5F, 1.5F};
  histogram.add(values);
  const Range range = best_range(histogram, 256);
  EXPECT_EQ(range.low, -range.high);
  EXPECT_GT(range.high, 1.9);
}

TEST(BestLimit, IsTheOneWithTheLeastSquareError) {
  datasets::Random random(2);
  std::vector<float> weights;
  for (int i = 0; i < 500; ++i) {
    const float u = random.uniform(-1, 1);
    weights.push_back(u * u * u);
  }
  const auto loss = [&](double limit) {
    const double step = 2 * limit / 14;
    double sum = 0;
    for (const double weight : weights) {
      const double back = std::clamp(std::round(weight / step) * step, -limit, limit);
      sum += (weight - back) * (weight - back);
    }
    return sum;
  };
  const float limit = best_limit(weights, 15);
  for (int percent = 50; percent <= 100; ++percent) {
    EXPECT_LE(loss(limit), loss(percent / 100.0) + 1e-6) << percent;
  }
}

TEST(QuantisedSteps, AreWhatConvolutionsRead) {
  Program program;
  const int stem = program.add("conv", {0});
  const int relu = program.add("relu", {stem});
  const int deep = program.add("conv", {relu});
  const int sum = program.add("add", {deep, relu});
  program.add("mean", {sum});
  EXPECT_EQ(quantised_steps(program), (std::vector<int>{0, relu}));
}

}  // namespace
}  // namespace pyro::training
