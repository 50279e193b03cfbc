// Against SciPy, statsmodels and pingouin: tests/reference/record_statistics.py wrote what they say.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "pyro/stats/agreement.hpp"
#include "pyro/stats/corrections.hpp"
#include "pyro/stats/correlation.hpp"
#include "pyro/stats/distributions.hpp"
#include "pyro/stats/icc.hpp"
#include "pyro/stats/moments.hpp"
#include "pyro/stats/power.hpp"
#include "pyro/stats/regression.hpp"
#include "pyro/stats/repeated.hpp"

namespace pyro::stats {
namespace {

using Json = nlohmann::json;
using Numbers = std::vector<double>;

const Json& referee() {
  static const Json answers =
      Json::parse(std::ifstream(std::string(PYRO_SOURCE_DIR) + "/tests/golden/statistics.json"));
  return answers;
}

constexpr double kClose = 1e-6;

// Relative, but for values near zero.
void expect_same(double ours, const Json& theirs, const std::string& what) {
  const auto expected = theirs.get<double>();
  EXPECT_NEAR(ours, expected, kClose * std::max(1.0, std::abs(expected))) << what;
  // A small p must be as close in its own size.
  if (expected != 0) {
    EXPECT_NEAR(ours / expected, 1, 1e-4) << what;
  }
}

void expect_same(const Interval& ours, const Json& theirs, const std::string& what) {
  expect_same(ours.low, theirs["low"], what + " low");
  expect_same(ours.high, theirs["high"], what + " high");
}

TEST(Statistics, PairsAsSciPyAndStatsmodelsHaveThem) {
  for (const auto& [name, one] : referee()["pairs"].items()) {
    SCOPED_TRACE(name);
    const auto x = one["x"].get<Numbers>(), y = one["y"].get<Numbers>();
    const auto r = pearson(x, y).value();
    expect_same(r.r, one["pearson"]["r"], "r");
    expect_same(r.p, one["pearson"]["p"], "p of r");
    expect_same(r.interval, one["pearson"], "r");
    const auto rho = spearman(x, y).value();
    expect_same(rho.r, one["spearman"]["r"], "rho");
    expect_same(rho.p, one["spearman"]["p"], "p of rho");
    expect_same(rho.interval, one["spearman"], "rho");
    expect_same(mean_abs_diff(x, y), one["mean_abs_diff"], "mean absolute difference");
  }
}

TEST(Statistics, AgreementAsSciPyHasIt) {
  for (const auto& [name, one] : referee()["pairs"].items()) {
    SCOPED_TRACE(name);
    const auto x = one["x"].get<Numbers>(), y = one["y"].get<Numbers>();
    const auto limits = bland_altman(x, y).value();
    const Json& theirs = one["bland_altman"];
    expect_same(limits.bias.value, theirs["bias"], "bias");
    expect_same(limits.bias.interval.low, theirs["bias_low"], "bias low");
    expect_same(limits.bias.interval.high, theirs["bias_high"], "bias high");
    expect_same(limits.sd, theirs["sd"], "sd");
    expect_same(limits.lower.value, theirs["lower"], "lower");
    expect_same(limits.upper.value, theirs["upper"], "upper");
    expect_same(limits.upper.interval.low, theirs["upper_low"], "upper limit, low");
    expect_same(limits.upper.interval.high, theirs["upper_high"], "upper limit, high");
    EXPECT_NEAR(limits.bias.value - limits.lower.interval.low, limits.upper.interval.high - limits.bias.value,
                1e-9);
    const auto ccc = concordance(x, y).value();
    expect_same(ccc.ccc.value, one["ccc"]["value"], "ccc");
    expect_same(ccc.ccc.interval, one["ccc"], "ccc");
    EXPECT_NEAR(ccc.precision * ccc.accuracy, ccc.ccc.value, 1e-12);
  }
}

TEST(Statistics, LineAsStatsmodelsHasIt) {
  for (const auto& [name, one] : referee()["pairs"].items()) {
    SCOPED_TRACE(name);
    const Json& theirs = one["line"];
    const auto line = fit_line(one["x"].get<Numbers>(), one["y"].get<Numbers>()).value();
    expect_same(line.slope.value, theirs["slope"], "slope");
    expect_same(line.slope.interval.low, theirs["slope_low"], "slope low");
    expect_same(line.slope.interval.high, theirs["slope_high"], "slope high");
    expect_same(line.intercept.value, theirs["intercept"], "intercept");
    expect_same(line.intercept.interval.low, theirs["intercept_low"], "intercept low");
    expect_same(line.intercept.interval.high, theirs["intercept_high"], "intercept high");
    expect_same(line.slope_p, theirs["p"], "p");
    expect_same(line.residual_sd, theirs["residual_sd"], "residual sd");
    for (std::size_t i = 0; i < 2; ++i) {
      const auto x = theirs["at"][i].get<double>();
      expect_same(line.mean_at(x).low, theirs["mean_low"][i], "band low");
      expect_same(line.mean_at(x).high, theirs["mean_high"][i], "band high");
      expect_same(line.next_at(x).low, theirs["next_low"][i], "prediction low");
      expect_same(line.next_at(x).high, theirs["next_high"][i], "prediction high");
    }
  }
}

TEST(Statistics, IccAsPingouinHasIt) {
  for (const auto& [name, one] : referee()["icc"].items()) {
    SCOPED_TRACE(name);
    const auto ours = icc(one["table"].get<std::vector<Numbers>>()).value();
    for (const auto& [form, theirs] : {std::pair{&ours.one, &one["one"]},
                                       {&ours.agreement, &one["agreement"]},
                                       {&ours.consistency, &one["consistency"]}}) {
      const std::string what = (*theirs)["type"];
      expect_same(form->icc.value, (*theirs)["icc"], what);
      expect_same(form->icc.interval, *theirs, what);
      expect_same(form->f, (*theirs)["f"], what + " F");
      expect_same(form->df2, (*theirs)["df2"], what + " df2");
      expect_same(form->p, (*theirs)["p"], what + " p");
    }
  }
}

TEST(Statistics, RepeatedMeasuresAsPingouinAndStatsmodelsHaveThem) {
  for (const auto& [name, one] : referee()["repeated"].items()) {
    SCOPED_TRACE(name);
    const auto person = one["person"].get<std::vector<std::int32_t>>();
    const auto x = one["x"].get<Numbers>(), y = one["y"].get<Numbers>();
    const auto within = repeated_correlation(person, x, y).value();
    expect_same(within.r, one["rmcorr"]["r"], "rmcorr");
    expect_same(within.df, one["rmcorr"]["df"], "rmcorr df");
    expect_same(within.p, one["rmcorr"]["p"], "rmcorr p");
    expect_same(within.interval, one["rmcorr"], "rmcorr");
    const auto between = between_correlation(person, x, y).value();
    expect_same(between.r, one["between"]["r"], "between");
    expect_same(between.interval, one["between"], "between");
    const auto model = mixed_model(person, x, y).value();
    const Json& theirs = one["mixed"];
    expect_same(model.person_variance, theirs["person_variance"], "variance between");
    expect_same(model.residual_variance, theirs["residual_variance"], "variance within");
    for (const auto& [effect, key] :
         {std::pair{&model.intercept, "intercept"}, {&model.within, "within"}, {&model.between, "between"}}) {
      expect_same(effect->value, theirs[key]["value"], key);
      expect_same(effect->standard_error, theirs[key]["standard_error"], key);
      expect_same(effect->df, theirs[key]["df"], key);
      expect_same(effect->interval, theirs[key], key);
      expect_same(effect->p, theirs[key]["p"], key);
    }
    const auto limits = repeated_agreement(person, x, y).value();
    expect_same(limits.bias, one["agreement"]["bias"], "bias");
    expect_same(limits.sd, one["agreement"]["sd"], "sd");
    expect_same(limits.sd_within, one["agreement"]["sd_within"], "sd within");
    expect_same(limits.sd_between, one["agreement"]["sd_between"], "sd between");
  }
}

TEST(Statistics, PermutationsAsSciPyCountsThem) {
  const Json& five = referee()["pairs"]["five"];
  const auto exact = permutation_test(five["x"].get<Numbers>(), five["y"].get<Numbers>(), 10, 1).value();
  EXPECT_TRUE(exact.exact);
  EXPECT_EQ(exact.tried, 120);
  expect_same(exact.p, referee()["permutation"]["five"], "exact p");
  // Equal values: many permutations give the same r, and all of them count.
  const Json& tied = referee()["permutation"]["tied"];
  expect_same(permutation_test(tied["x"].get<Numbers>(), tied["y"].get<Numbers>(), 10, 1)->p, tied["p"],
              "ties");
}

TEST(Statistics, DrawnPermutationsFollowTheSeedAndTheTest) {
  const Json& one = referee()["pairs"]["ties"];
  const auto x = one["x"].get<Numbers>(), y = one["y"].get<Numbers>();
  const auto drawn = permutation_test(x, y, 20000, 5).value();
  EXPECT_FALSE(drawn.exact);
  EXPECT_EQ(drawn.p, permutation_test(x, y, 20000, 5)->p);
  EXPECT_NE(drawn.p, permutation_test(x, y, 20000, 6)->p);
  EXPECT_NEAR(drawn.p, pearson(x, y)->p, 0.02);
  // Never 0, however strong the connection is.
  const auto strong = referee()["pairs"]["many"];
  EXPECT_DOUBLE_EQ(permutation_test(strong["x"].get<Numbers>(), strong["y"].get<Numbers>(), 99, 5)->p, 0.01);
}

// Under no connection p is uniform: its mean over many draws is 1/2, and 5 % lie below 0.05.
TEST(Statistics, PermutationPIsUniformUnderNoConnection) {
  std::uint64_t state = 9;
  const auto next = [&state] {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<double>(state >> 11U) * 0x1p-53;
  };
  double sum = 0;
  int below = 0;
  constexpr int kDraws = 1000;
  for (int draw = 0; draw < kDraws; ++draw) {
    Numbers x(11), y(11);
    for (double& value : x) value = next();
    for (double& value : y) value = next();
    const double p = permutation_test(x, y, 199, static_cast<std::uint64_t>(draw))->p;
    sum += p;
    below += p <= 0.05 ? 1 : 0;
  }
  EXPECT_NEAR(sum / kDraws, 0.5, 0.035);
  EXPECT_NEAR(below, 0.05 * kDraws, 25);
}

TEST(Statistics, CorrectionsAsStatsmodelsHasThem) {
  const Json& theirs = referee()["corrections"];
  Numbers p = theirs["p"];
  for (std::size_t i = 0; i < p.size(); ++i) {
    expect_same(holm(p)[i], theirs["holm"][i], "Holm");
    expect_same(benjamini_hochberg(p)[i], theirs["fdr_bh"][i], "Benjamini–Hochberg");
  }
  // A comparison that could not be made does not count.
  const double last = holm(p)[0];
  p.push_back(std::nan(""));
  EXPECT_EQ(holm(p)[0], last);
  EXPECT_TRUE(std::isnan(benjamini_hochberg(p).back()));
}

TEST(Statistics, PowerAsPingouinHasIt) {
  for (const Json& one : referee()["power"])
    expect_same(correlation_power(one["r"], one["n"]), one["power"], one.dump());
  for (const double r : {0.1, 0.3, -0.5, 0.9}) {
    const std::int64_t n = pairs_for_power(r, 0.8);
    EXPECT_GE(correlation_power(r, n), 0.8);
    EXPECT_LT(correlation_power(r, n - 1), 0.8);
    EXPECT_LE(detectable_correlation(n, 0.8), std::abs(r) + 1e-12);
  }
  EXPECT_EQ(pairs_for_power(0, 0.8), 0);
  const std::int64_t narrow = pairs_for_width(0.5, 0.2);
  const auto width = [](std::int64_t n) {
    const Interval ends = fisher_interval(0.5, 1 / std::sqrt(static_cast<double>(n) - 3));
    return ends.high - ends.low;
  };
  EXPECT_LE(width(narrow), 0.2);
  EXPECT_GT(width(narrow - 1), 0.2);
}

TEST(Statistics, DistributionsAsSciPyHasThem) {
  const Json& theirs = referee()["distributions"];
  expect_same(normal_cdf(-1.3), theirs["normal_cdf"], "normal");
  expect_same(normal_quantile(0.9), theirs["normal_quantile"], "normal quantile");
  expect_same(t_cdf(0.7, 4.5), theirs["t_cdf"], "t");
  expect_same(t_quantile(0.975, 3), theirs["t_quantile"], "t quantile");
  expect_same(t_two_sided_p(12, 40), theirs["t_two_sided_p"], "t, two-sided");
  expect_same(f_upper(3.2, 4, 17), theirs["f_upper"], "F");
  expect_same(f_quantile(0.975, 6, 11), theirs["f_quantile"], "F quantile");
  expect_same(chi_squared_upper(7.8, 3), theirs["chi_squared_upper"], "chi squared");
  expect_same(beta_cdf(0.3, 2, 5), theirs["beta_cdf"], "beta");
  expect_same(beta_quantile(0.05, 0.5, 9), theirs["beta_quantile"], "beta quantile");
  EXPECT_TRUE(std::isnan(t_quantile(0.975, 0)));
  EXPECT_TRUE(std::isnan(normal_quantile(2)));
}

TEST(Statistics, RanksAndQuantiles) {
  EXPECT_EQ(ranks(Numbers{3, 1, 3, 2}), (Numbers{3.5, 1, 3.5, 2}));
  EXPECT_DOUBLE_EQ(quantile(Numbers{4, 1, 2, 3}, 0.25), 1.75);
  EXPECT_DOUBLE_EQ(median(Numbers{1, 9, 2}), 2);
  EXPECT_TRUE(std::isnan(mean({})));
}

TEST(Statistics, WhatIsUndefinedIsAnErrorNotANumber) {
  const Numbers rising{1, 2, 3, 4}, flat{5, 5, 5, 5}, broken{1, 2, std::nan(""), 4};
  const auto says = [](const auto& result, const char* word) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::bad_input);
    EXPECT_NE(result.error().message.find(word), std::string::npos) << result.error().message;
  };
  says(pearson(rising, flat), "y is constant");
  says(spearman(flat, rising), "x is constant");
  says(permutation_test(flat, rising, 100, 1), "x is constant");
  says(concordance(rising, flat), "y is constant");
  says(pearson(Numbers{1, 2}, Numbers{2, 1}), "at least 3");
  says(pearson(rising, broken), "not finite");
  says(pearson(rising, Numbers{1, 2, 3}), "one length");
  says(bland_altman(rising, Numbers{0, 1, 2, 3}), "constant");
  says(icc({{1, 2}, {2, 3}}), "at least 3 persons");
  says(icc({{1, 2}, {2, 3}, {2}}), "different numbers");
  says(icc({{1, 1}, {1, 1}, {1, 1}}), "same");
  const std::vector<std::int32_t> alone{1, 2, 3, 4}, two{1, 1, 2, 2};
  says(repeated_correlation(alone, rising, rising), "too few sessions");
  says(mixed_model(two, rising, Numbers{2, 1, 4, 2}), "at least 3 persons");
}

TEST(Statistics, AtTheEdges) {
  // Three pairs say nothing about the interval; exact proportion has none.
  const auto three = pearson(Numbers{1, 2, 3}, Numbers{1, 3, 2}).value();
  EXPECT_DOUBLE_EQ(three.interval.low, -1);
  EXPECT_DOUBLE_EQ(three.interval.high, 1);
  const auto exact = pearson(Numbers{1, 2, 3, 4}, Numbers{2, 4, 6, 8}).value();
  EXPECT_DOUBLE_EQ(exact.r, 1);
  EXPECT_DOUBLE_EQ(exact.p, 0);
  const auto again = icc({{1, 1}, {4, 4}, {7, 7}}).value();
  EXPECT_DOUBLE_EQ(again.agreement.icc.value, 1);
  EXPECT_DOUBLE_EQ(again.one.icc.interval.low, 1);
}

}  // namespace
}  // namespace pyro::stats
