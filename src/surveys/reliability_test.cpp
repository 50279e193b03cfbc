#include "pyro/surveys/reliability.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "pyro/stats/distributions.hpp"
#include "test_support.hpp"

namespace pyro::surveys {
namespace {

using ::testing::HasSubstr;
using testing::kLeftOut;
using testing::response_of;
using testing::shipped;

TEST(Reliability, EqualsWhatWasRecordedFromOthers) {
  std::ifstream file(std::filesystem::path(PYRO_SOURCE_DIR) / "tests" / "golden" / "survey_reliability.json");
  const nlohmann::json recorded = nlohmann::json::parse(file);
  EXPECT_EQ(recorded.size(), 7);
  for (const auto& [name, one] : recorded.items()) {
    const auto table = one["table"].get<std::vector<std::vector<double>>>();
    const Result<Alpha> alpha = cronbach_alpha(table);
    ASSERT_TRUE(alpha) << name << ": " << alpha.error().text();
    EXPECT_NEAR(alpha->value, one["alpha"].get<double>(), 1e-9) << name;
    EXPECT_NEAR(alpha->low, one["low"].get<double>(), 1e-6) << name;
    EXPECT_NEAR(alpha->high, one["high"].get<double>(), 1e-6) << name;
    const Result<Omega> omega = mcdonald_omega(table);
    EXPECT_EQ(omega.has_value(), one.contains("omega")) << name;
    if (!omega) continue;
    EXPECT_NEAR(omega->value, one["omega"].get<double>(), 1e-6) << name;
    for (std::size_t i = 0; i < omega->loadings.size(); ++i)
      EXPECT_NEAR(omega->loadings[i], one["loadings"][i].get<double>(), 1e-5) << name;
  }
}

TEST(Reliability, ByHandForThreePeopleAndTwoItems) {
  // Items 1 2 3 and 2 2 4: variances 1 and 4/3, sums 3 4 7 with variance 13/3; alpha = 2 (1 - (7/3) / (13/3))
  // = 12/13
  const Result<Alpha> alpha = cronbach_alpha({{1, 2}, {2, 2}, {3, 4}});
  ASSERT_TRUE(alpha);
  EXPECT_NEAR(alpha->value, 12.0 / 13, 1e-12);
  // With 1 and 1 degrees of freedom F is the square of tan(pi p / 2); with 2 and 2 it is p / (1 - p).
  EXPECT_NEAR(stats::f_quantile(0.5, 1, 1), 1, 1e-12);
  EXPECT_NEAR(stats::f_quantile(0.975, 2, 2), 39, 1e-9);
  EXPECT_NEAR(stats::f_quantile(0.025, 2, 2), 1 / 39.0, 1e-12);
}

TEST(Reliability, TurnsItemsAndCountsEachPersonOnceAndWhole) {
  const Instrument& pss = shipped("pss-4");
  std::vector<Response> responses{response_of(pss, {1, 3, 3, 1}, "a"), response_of(pss, {2, 2, 1, 3}, "b"),
                                  response_of(pss, {4, 0, 1, 4}, "c"),
                                  response_of(pss, {4, 0, kLeftOut, 4}, "d"),
                                  response_of(pss, {0, 0, 4, 2}, "a")};
  responses.back().time += std::chrono::hours{1};
  const Result<Reliability> result = reliability(pss, pss.scales[0], responses);
  ASSERT_TRUE(result) << result.error().text();
  EXPECT_EQ(result->n, 3);
  EXPECT_EQ(result->incomplete, 1);
  const Result<Alpha> alpha = cronbach_alpha({{1, 1, 1, 1}, {2, 2, 3, 3}, {4, 4, 3, 4}});
  EXPECT_NEAR(result->alpha.value, alpha->value, 1e-12);
  EXPECT_NEAR(result->items[1].mean, 7.0 / 3, 1e-12);
  EXPECT_GT(result->items[1].item_rest, 0);
  EXPECT_EQ(to_json(*result)["omega"]["method"], "omega total, one factor by minimum residuals");
}

TEST(Reliability, SaysWhyThereIsNone) {
  EXPECT_THAT(cronbach_alpha({{1, 2}, {2, 3}}).error().message,
              HasSubstr("2 complete responses are too few"));
  EXPECT_THAT(cronbach_alpha({}).error().message, HasSubstr("0 complete responses"));
  EXPECT_THAT(cronbach_alpha({{1}, {2}, {3}}).error().message, HasSubstr("single item"));
  EXPECT_THAT(cronbach_alpha({{1, 2}, {1, 3}, {1, 4}}).error().message,
              HasSubstr("item 1 of the scale alike"));
  EXPECT_THAT(cronbach_alpha({{1, 3}, {2, 2}, {3, 1}}).error().message, HasSubstr("the same sum"));
  EXPECT_THAT(mcdonald_omega({{1, 2}, {2, 2}, {3, 4}}).error().message, HasSubstr("omega needs three"));
}

}  // namespace
}  // namespace pyro::surveys
