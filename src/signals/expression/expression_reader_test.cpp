#include "pyro/signals/expression_reader.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace {

using pyro::Seconds;
using pyro::records::Expression;
using pyro::signals::SmoothedExpression;

Expression leaning(std::size_t towards, float share) {
  Expression expression;
  expression.p.fill((1 - share) / 6);
  expression.p.at(towards) = share;
  return expression;
}

}  // namespace

TEST(SmoothedExpression, ForgetsByItsTimeConstant) {
  SmoothedExpression smooth(Seconds{0.5});
  const Expression first = leaning(0, 0.7F), second = leaning(3, 0.7F);
  EXPECT_NEAR(smooth.update(Seconds{1}, first).p[0], 0.7F, 1e-6);
  // After 0.5 s the past keeps e^-1 in the logarithms: log(p0/p3) = e^-1 · log(14) − (1 − e^-1) · log(14).
  const Expression later = smooth.update(Seconds{1.5}, second);
  const double kept = std::exp(-1), log14 = std::log(0.7 / 0.05);
  EXPECT_NEAR(std::log(later.p[0] / later.p[3]), (2 * kept - 1) * log14, 1e-4);
  float sum = 0;
  for (const float p : later.p) sum += p;
  EXPECT_NEAR(sum, 1, 1e-6);
}

TEST(SmoothedExpression, AFrameAloneAndOneAfterAGapAreTheirOwnAnswer) {
  const Expression first = leaning(0, 0.7F), second = leaning(3, 0.6F);
  SmoothedExpression off(Seconds{0});
  EXPECT_EQ(off.update(Seconds{0}, first).p, first.p);
  EXPECT_EQ(off.update(Seconds{0.04}, second).p, second.p);
  SmoothedExpression smooth(Seconds{5});
  static_cast<void>(smooth.update(Seconds{0}, first));
  EXPECT_NEAR(smooth.update(Seconds{1.01}, second).p[3], 0.6F, 1e-6);
}

TEST(SmoothedExpression, AGapIsNoAnswerAndIsNotRemembered) {
  SmoothedExpression smooth(Seconds{0.5}), without(Seconds{0.5});
  const Expression first = leaning(0, 0.7F), second = leaning(3, 0.7F);
  for (SmoothedExpression* each : {&smooth, &without}) static_cast<void>(each->update(Seconds{0}, first));
  EXPECT_FALSE(smooth.update(Seconds{0.1}, Expression::none()).known());
  EXPECT_EQ(smooth.update(Seconds{0.2}, second).p, without.update(Seconds{0.2}, second).p);
}

TEST(SmoothedExpression, HowOftenIsLookedDoesNotMatter) {
  // The same expression seen at 10 and at 50 frames a second leads to the same answer at the same time.
  const Expression first = leaning(0, 0.7F), second = leaning(3, 0.7F);
  const auto at_one_second = [&](int steps) {
    SmoothedExpression smooth(Seconds{0.5});
    Expression last = smooth.update(Seconds{0}, first);
    for (int i = 1; i <= steps; ++i) last = smooth.update(Seconds{static_cast<double>(i) / steps}, second);
    return last;
  };
  const Expression slow = at_one_second(10), fast = at_one_second(50);
  for (std::size_t k = 0; k < slow.p.size(); ++k) EXPECT_NEAR(slow.p[k], fast.p[k], 1e-5);
}
