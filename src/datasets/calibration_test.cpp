#include "pyro/datasets/calibration.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

namespace pyro::datasets {
namespace {

const std::vector<Answer> kSix{
    {0, {{.7F, .05F, .05F, .05F, .05F, .05F, .05F}}}, {0, {{.1F, .5F, .1F, .1F, .1F, .05F, .05F}}},
    {2, {{.02F, .02F, .9F, .02F, .02F, .01F, .01F}}}, {4, {{.05F, .05F, .05F, .6F, .15F, .05F, .05F}}},
    {0, {{.3F, .1F, .1F, .1F, .2F, .1F, .1F}}},       {5, {{.01F, .01F, .01F, .01F, .01F, .94F, .01F}}}};

// NumPy 2.4: nll = -log p[truth].mean(), brier = ((P - onehot)**2).sum(1).mean(), ece over ceil(15 p) - 1.
TEST(Calibration, IsAsNumPyHasIt) {
  const Calibration six = calibration_of(kSix);
  EXPECT_EQ(six.n, 6);
  EXPECT_NEAR(six.nll, 0.98793145, 1e-6);
  EXPECT_NEAR(six.brier, 0.48183336, 1e-6);
  EXPECT_NEAR(six.ece, 0.37666667, 1e-6);
  EXPECT_NEAR(six.accuracy, 4.0 / 6, 1e-12);
  EXPECT_NEAR(six.confidence, (.7 + .5 + .9 + .6 + .3 + .94) / 6, 1e-6);
  EXPECT_EQ(six.bins[14].n, 1);
  EXPECT_EQ(six.bins[7].n, 1);
  EXPECT_EQ(six.bins[7].accuracy, 0);
}

TEST(Calibration, OfNothingIsZeroNotNaN) {
  EXPECT_EQ(calibration_of({}).ece, 0);
  EXPECT_EQ(calibration_of({}).n, 0);
}

// Ten answers of 0.8, eight of them right: nothing to complain of; of 0.9: off by 0.1.
TEST(Calibration, HonestProbabilitiesHaveNoError) {
  std::vector<Answer> answers;
  for (int i = 0; i < 10; ++i) {
    records::Expression said;
    said.p.fill(0.2F / 6);
    said.p[3] = 0.8F;
    answers.push_back({i < 8 ? 3 : 4, said});
  }
  EXPECT_NEAR(calibration_of(answers).ece, 0, 1e-6);
  for (Answer& answer : answers) answer.said.p[3] = 0.9F;
  EXPECT_NEAR(calibration_of(answers).ece, 0.1, 1e-6);
}

// SciPy 1.17 optimize.minimize_scalar(bounded) on the same six: T = 0.8723358, nll 0.9879315 → 0.9786561.
TEST(Temperature, IsTheOneThatSciPyFinds) {
  const Result<double> temperature = fit_temperature(kSix);
  ASSERT_TRUE(temperature) << temperature.error().text();
  EXPECT_NEAR(*temperature, 0.8723358, 1e-5);
  EXPECT_NEAR(calibration_of(tempered(kSix, *temperature)).nll, 0.9786561, 1e-6);
}

TEST(Temperature, WhatWasSharpenedByItIsFoundAgain) {
  // Of 100 answers of each kind as many are right as they say.
  std::vector<Answer> honest;
  for (const float top : {0.4F, 0.6F, 0.9F}) {
    for (int i = 0; i < 100; ++i) {
      records::Expression said;
      said.p.fill((1 - top) / 6);
      said.p[0] = top;
      const bool right = static_cast<float>(i) < 100 * top;
      honest.push_back({right ? 0 : 1 + i % 6, said});
    }
  }
  const Result<double> again = fit_temperature(tempered(honest, 0.5));  // made twice as sure
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_NEAR(*again, 2, 0.02);
}

TEST(Temperature, IsRefusedWhereThereIsNoMinimum) {
  const std::vector<Answer> right{kSix[0], kSix[2], kSix[5]};
  const Result<double> sure = fit_temperature(right);
  ASSERT_FALSE(sure);
  EXPECT_NE(sure.error().message.find("is right"), std::string::npos);
  records::Expression wrong{{.7F, .05F, .05F, .05F, .05F, .05F, .05F}};
  ASSERT_FALSE(fit_temperature(std::vector<Answer>{{1, wrong}, {2, wrong}}));
  ASSERT_FALSE(fit_temperature({}));
}

RC_GTEST_PROP(Temperature, KeepsTheLabelAndTheSum, ()) {
  records::Expression said;
  float sum = 0;
  for (float& p : said.p) sum += p = static_cast<float>(*rc::gen::inRange(1, 1000));
  for (float& p : said.p) p /= sum;
  const double temperature = *rc::gen::inRange(1, 100) / 10.0;
  const records::Expression scaled = tempered(said, temperature);
  double total = 0;
  for (const float p : scaled.p) total += p;
  RC_ASSERT(std::abs(total - 1) < 1e-5);
  const auto label = static_cast<std::size_t>(said.label());
  for (const float p : scaled.p) RC_ASSERT(scaled.p[label] >= p);
}

}  // namespace
}  // namespace pyro::datasets
