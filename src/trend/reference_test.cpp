// Held against SciPy, pymannkendall, statsmodels and ruptures; tests/reference/record_trend.py wrote the
// values.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>

#include "numbers.hpp"
#include "pyro/trend/changes.hpp"
#include "pyro/trend/level.hpp"
#include "pyro/trend/slope.hpp"

namespace pyro::trend {
namespace {

struct ReferenceSeries {
  std::string name;
  std::vector<double> day, value;
  nlohmann::json expected;
};

std::vector<ReferenceSeries> reference_series() {
  std::ifstream file(std::string(PYRO_SOURCE_DIR) + "/tests/golden/trend.json");
  const nlohmann::json all = nlohmann::json::parse(file);
  std::vector<ReferenceSeries> out;
  for (const nlohmann::json& one : all["series"]) {
    ReferenceSeries series{one["name"], {}, {}, one};
    for (const nlohmann::json& value : one["values"])
      series.value.push_back(value.is_null() ? kNaN : value.get<double>());
    series.day.resize(series.value.size());
    std::iota(series.day.begin(), series.day.end(), 0.0);
    out.push_back(std::move(series));
  }
  return out;
}

TEST(TrendReference, SlopeIntervalAndTest) {
  int seen = 0;
  for (const ReferenceSeries& series : reference_series()) {
    if (!series.expected.contains("slope")) continue;
    SCOPED_TRACE(series.name);
    const auto& expected = series.expected["slope"];
    const Result<Slope> found = robust_slope(series.day, series.value);
    ASSERT_TRUE(found) << found.error().text();
    EXPECT_NEAR(found->per_day, expected["per_day"].get<double>(), 1e-12);
    EXPECT_NEAR(found->at_start, expected["at_start"].get<double>(), 1e-11);
    EXPECT_NEAR(found->p_independent, expected["p_independent"].get<double>(), 1e-9);
    const double factor = expected["variance_factor"].get<double>();
    EXPECT_NEAR(found->hamed_rao, factor, 1e-9);
    EXPECT_GE(found->variance_factor, std::max(1.0, factor) - 1e-9);
    if (found->variance_factor == found->hamed_rao) {
      EXPECT_NEAR(found->p, expected["p"].get<double>(), 1e-9);
    }
    if (found->variance_factor == 1) {
      EXPECT_NEAR(found->low, expected["low"].get<double>(), 1e-12);
      EXPECT_NEAR(found->high, expected["high"].get<double>(), 1e-12);
    } else {
      EXPECT_LE(found->low, expected["low"].get<double>()) << "wider than for independent days";
      EXPECT_GE(found->high, expected["high"].get<double>());
    }
    ++seen;
  }
  EXPECT_EQ(seen, 5);
}

TEST(TrendReference, LevelItsBandAndBothVariances) {
  int seen = 0;
  for (const ReferenceSeries& series : reference_series()) {
    if (!series.expected.contains("level")) continue;
    SCOPED_TRACE(series.name);
    const auto& expected = series.expected["level"];
    const Result<SmoothLevel> found = smooth_level(series.day, series.value);
    ASSERT_TRUE(found) << found.error().text();
    // statsmodels counts -log(2 pi)/2 for the first value, whose variance is without bound.
    const double likelihood = expected["log_likelihood"].get<double>() + std::log(2 * std::numbers::pi) / 2;
    EXPECT_NEAR(found->log_likelihood, likelihood, 1e-5);
    EXPECT_GE(found->log_likelihood, likelihood - 1e-9)
        << "ours is the maximum over one variable, so no optimiser may find more";
    const double noise = expected["noise_variance"].get<double>();
    EXPECT_NEAR(found->noise_variance, noise, 1e-3 * noise);
    EXPECT_NEAR(found->wander_variance, expected["wander_variance"].get<double>(), 1e-3 * noise);
    for (std::size_t i = 0; i < series.day.size(); ++i) {
      EXPECT_NEAR(found->value[i], expected["value"][i].get<double>(), 5e-3) << i;
      EXPECT_NEAR(found->deviation[i], expected["deviation"][i].get<double>(), 5e-3) << i;
    }
    ++seen;
  }
  EXPECT_GE(seen, 5);
}

double total_cost(std::span<const double> value, const std::vector<std::size_t>& cuts, double penalty) {
  double total = penalty * static_cast<double>(cuts.size());
  for (std::size_t i = 0; i <= cuts.size(); ++i) {
    const std::size_t from = i == 0 ? 0 : cuts[i - 1], to = i == cuts.size() ? value.size() : cuts[i];
    const auto piece = value.subspan(from, to - from);
    const double mean = std::accumulate(piece.begin(), piece.end(), 0.0) / static_cast<double>(piece.size());
    for (const double v : piece) total += (v - mean) * (v - mean);
  }
  return total;
}

// ruptures drops candidates a little too early when pieces have a least length, so it may miss the best cuts:
// ours must cost no more, and be the same where they cost the same.
TEST(TrendReference, CutsAreThoseOfRuptures) {
  int seen = 0, same = 0;
  for (const ReferenceSeries& series : reference_series()) {
    SCOPED_TRACE(series.name);
    for (const char* kind : {"cuts", "rank_cuts"}) {
      if (!series.expected.contains(kind)) continue;
      const std::vector<double> value = kind == std::string("cuts") ? series.value : ranks(series.value);
      for (const auto& expected : series.expected[kind]) {
        const auto theirs = expected["cuts"].get<std::vector<std::size_t>>();
        const double penalty = expected["penalty"];
        const auto ours = cut_by_mean(value, penalty, expected["least"]);
        const double their_cost = total_cost(value, theirs, penalty);
        EXPECT_LE(total_cost(value, ours, penalty), their_cost * (1 + 1e-12));
        ++seen, same += ours == theirs ? 1 : 0;
        if (total_cost(value, ours, penalty) > their_cost * (1 - 1e-12)) {
          EXPECT_EQ(ours, theirs);
        }
      }
    }
  }
  EXPECT_EQ(seen, 20);
  EXPECT_GE(same, 18);
}

}  // namespace
}  // namespace pyro::trend
