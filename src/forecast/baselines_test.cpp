#include "pyro/forecast/baselines.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

namespace pyro::forecast {
namespace {

using nlohmann::json;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// What statsmodels says: tests/reference/record_forecast.py.
class Referee : public testing::Test {
 protected:
  void SetUp() override {
    std::ifstream file(std::string(PYRO_SOURCE_DIR) + "/tests/golden/forecast.json");
    said_ = json::parse(file);
    series_ = said_["series"].get<std::vector<double>>();
    with_gaps_ = series_;
    for (const std::size_t gap : said_["gaps"]) with_gaps_[gap] = kNone;
  }
  json said_;
  std::vector<double> series_, with_gaps_;
};

TEST_F(Referee, AutoregressionsAndTheirOrder) {
  const std::vector<std::vector<double>> all{series_};
  const auto fits = fit_autoregressions(all, said_["ar"].size() - 1);
  ASSERT_EQ(fits.size(), said_["ar"].size());
  std::size_t best = 0;
  for (std::size_t p = 0; p < fits.size(); ++p) {
    const json& expected = said_["ar"][p];
    EXPECT_NEAR(fits[p].constant, expected["constant"].get<double>(), 1e-9);
    ASSERT_EQ(fits[p].phi.size(), p);
    for (std::size_t i = 0; i < p; ++i) EXPECT_NEAR(fits[p].phi[i], expected["phi"][i].get<double>(), 1e-9);
    EXPECT_NEAR(fits[p].aic - fits[0].aic, expected["aic_less_first"].get<double>(), 1e-6);
    best = fits[p].aic < fits[best].aic ? p : best;
  }
  EXPECT_EQ(best, said_["best_p"].get<std::size_t>());
  const auto rule = autoregressive(fits[best], 0);
  for (const double score : series_) rule->see(score);
  for (std::size_t h = 1; h <= said_["ar_ahead"].size(); ++h)
    EXPECT_NEAR(rule->ahead(h), said_["ar_ahead"][h - 1].get<double>(), 1e-9);
}

TEST_F(Referee, Ewma) {
  for (const json& expected : said_["ewma"]) {
    const auto rule = ewma(expected["alpha"], 0);
    double squares = 0;
    for (std::size_t t = 0; t < series_.size(); ++t) {
      const double said = t == 0 ? series_[0] : rule->ahead(1);
      squares += (series_[t] - said) * (series_[t] - said);
      rule->see(series_[t]);
    }
    EXPECT_NEAR(rule->present(), expected["level"].get<double>(), 1e-9);
    EXPECT_NEAR(squares, expected["sse"].get<double>(), 1e-9);
  }
  const std::vector<std::vector<double>> all{series_};
  EXPECT_NEAR(fit_ewma(all), said_["ewma_alpha"].get<double>(), 1e-4);
}

TEST_F(Referee, LocalLevelWithGaps) {
  for (const json& expected : said_["local_level"]) {
    const double noise = expected["noise"], level = expected["level"];
    EXPECT_NEAR(local_level_likelihood(with_gaps_, noise, level), expected["log_likelihood"].get<double>(),
                1e-6);
    const auto rule = local_level(level / noise, 0);
    for (std::size_t t = 0; t < with_gaps_.size(); ++t) {
      rule->see(with_gaps_[t]);
      EXPECT_NEAR(rule->present(), expected["filtered"][t].get<double>(), 1e-6) << t;
    }
  }
}

TEST_F(Referee, LocalLevelsGreatestLikelihood) {
  const std::vector<std::vector<double>> all{with_gaps_};
  const double ratio = fit_local_level(all);
  EXPECT_NEAR(std::log(ratio), std::log(said_["local_level_ratio"].get<double>()), 1e-2);
  // No numeric maximum of the referee's is above ours: along the ratio the noise has its best value in closed
  // form.
  double best = -1e9;
  for (double noise = 0.001; noise < 0.1; noise *= 1.001)
    best = std::max(best, local_level_likelihood(with_gaps_, noise, noise * ratio));
  EXPECT_GT(best, said_["local_level_best"].get<double>() - 1e-3);
}

TEST(Baselines, AGapLeavesWhatWasSeen) {
  for (const auto& rule : {persistence(9), rolling_mean(3, 9), ewma(0.5, 9), local_level(0.3, 9)}) {
    EXPECT_EQ(rule->ahead(4), 9) << rule->name();  // nothing seen
    rule->see(kNone);
    EXPECT_EQ(rule->present(), 9) << rule->name();
    rule->see(2);
    rule->see(kNone);
    EXPECT_EQ(rule->present(), 2) << rule->name();
    EXPECT_EQ(rule->ahead(300), 2) << rule->name();
    EXPECT_EQ(rule->fresh()->present(), 9) << rule->name();
  }
}

TEST(Baselines, RollingMeanForgets) {
  const auto rule = rolling_mean(3, 0);
  for (const double score : {8.0, 1.0, kNone, 3.0}) rule->see(score);
  EXPECT_EQ(rule->present(), 2);  // of 1, a gap and 3
  for (int i = 0; i < 3; ++i) rule->see(kNone);
  EXPECT_EQ(rule->present(), 3) << "with an empty window the last value stays";
}

TEST(Baselines, AutoregressionGoesOnInAGap) {
  const auto rule = autoregressive({1, {0.5}, 0}, 2);
  rule->see(4);
  EXPECT_DOUBLE_EQ(rule->ahead(1), 3);
  rule->see(kNone);
  EXPECT_DOUBLE_EQ(rule->ahead(1), 2.5);
  EXPECT_NEAR(rule->ahead(60), 2, 1e-9);
  EXPECT_EQ(rule->present(), 4);
}

TEST(Baselines, ConstantAndShortSeriesAreFitted) {
  const std::vector<std::vector<double>> constant{std::vector<double>(200, 0.25)};
  const std::vector<std::vector<double>> shortest{{0.1, 0.2}}, nothing{{kNone, kNone}};
  const std::vector<std::size_t> horizons{1, 5};
  for (const auto& series : {constant, shortest, nothing}) {
    for (const FittedBaseline& fitted : fit_baselines(series, horizons, 60)) {
      const Track track = track_of(fitted, series.front(), horizons);
      EXPECT_TRUE(std::isfinite(track.ahead[1].back().mean)) << fitted.rule->name();
    }
  }
  EXPECT_DOUBLE_EQ(
      track_of(fit_baselines(constant, horizons, 60).back(), constant[0], horizons).ahead[1][50].mean, 0.25);
}

TEST(Baselines, BandsHoldTheirShareOfTheTrainingErrors) {
  std::vector<std::vector<double>> series(1);
  double score = 0;
  for (int i = 0; i < 4001; ++i) series[0].push_back(score += std::sin(i * 12.9898) * 0.1);
  const std::vector<std::size_t> horizons{1};
  const FittedBaseline fitted = fit_baselines(series, horizons, 60).front();
  const Track track = track_of(fitted, series[0], horizons);
  int inside = 0;
  for (std::size_t t = 0; t + 1 < series[0].size(); ++t) {
    const auto& q = track.ahead[0][t].quantiles;
    inside += series[0][t + 1] >= q[1] && series[0][t + 1] <= q[3] ? 1 : 0;
  }
  EXPECT_NEAR(inside / 4000.0, 0.8, 0.002);
}

}  // namespace
}  // namespace pyro::forecast
