#include "regress/kept_model.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "pyro/base/files.hpp"
#include "pyro/stats/moments.hpp"

namespace pyro::training {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kTests = 5;
constexpr double kTolerance = 1e-5;

ordered_json model_json(const Cases& cases, const FittedModel& model, const RegressReport& report) {
  ordered_json json{
      {"schema", "pyrometer-regression/1"},
      {"target", {{"column", cases.target}, {"least", model.least()}, {"greatest", model.greatest()}}},
      {"features", regression::to_json(cases.features)}};
  if (report.best == Family::elastic_net) {
    const LinearModel& linear = model.linear();
    json["linear"] = {{"intercept", linear.intercept}, {"weights", linear.weights}, {"fill", linear.fill}};
  } else {
    const xgboost::Forest forest = model.boosted().forest();
    json["trees"] = {{"base", model.boosted().base()},
                     {"root", forest.root},
                     {"left", forest.left},
                     {"feature", forest.feature},
                     {"missing_left", forest.missing_left},
                     {"value", forest.value}};
  }
  return json;
}

// The mean figures of each fifth of the targets: inputs of the self-test that are no single person's.
Cases mean_rows(const Cases& cases) {
  Rows order(cases.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t row) { return cases.y[row]; });
  Cases means;
  means.x.columns = cases.x.columns;
  for (std::size_t part = 0; part < kTests; ++part) {
    for (std::size_t k = 0; k < cases.x.columns; ++k) {
      double sum = 0;
      int known = 0;
      for (std::size_t i = part * order.size() / kTests; i < (part + 1) * order.size() / kTests; ++i) {
        const float value = cases.x.row(order[i])[k];
        if (std::isfinite(value)) {
          sum += static_cast<double>(value);
          ++known;
        }
      }
      means.x.values.push_back(known > 0 ? static_cast<float>(sum / known) : 0.0F);
    }
    ++means.x.rows;
    means.y.push_back(0);
  }
  return means;
}

// XGBoost's own answers, or the elastic net's in double precision: a runner that walks or adds otherwise is
// refused at load.
ordered_json self_test_json(const Cases& cases, const FittedModel& model) {
  const Cases means = mean_rows(cases);
  Rows all(means.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  const std::vector<double> said = model.predict(means, all);
  ordered_json test{{"schema", "pyrometer-selftest/1"},
                    {"tolerance", {{"f32", kTolerance}, {"bf16", kTolerance}}},
                    {"cases", ordered_json::array()}};
  for (const std::size_t i : all) {
    const std::vector<float> input(means.x.row(i), means.x.row(i) + means.x.columns);
    test["cases"].push_back({{"what", "mean of fifth " + std::to_string(i + 1)},
                             {"input", input},
                             {"outputs", {{static_cast<float>(said[i])}}}});
  }
  return test;
}

ordered_json record_json(const Cases& cases, const RegressReport& report, const std::string& fingerprint) {
  const Errors& errors = report.families[static_cast<std::size_t>(report.best)];
  ordered_json record{{"schema", 1},
                      {"task", "'" + cases.target + "' from the figures of a session, no diagnosis"},
                      {"made_by", "pyrometer-train regress"}};
  record["data"] = {{"fingerprint", fingerprint}, {"rows", report.rows}, {"persons", report.persons}};
  if (report.simulated) {
    record["data"]["simulated"] = true;
  }
  record["training"] = {{"family", name_of(report.best)},
                        {"figures", report.figures},
                        {"outer_folds", report.options.outer_folds},
                        {"inner_folds", report.options.inner_folds},
                        {"seed", report.options.seed}};
  record["metrics"]["out_of_fold_by_person"] = {{"rmse", errors.rmse},
                                                {"rmse_of_the_mean", report.mean.rmse},
                                                {"mean_absolute_error", errors.mean_absolute},
                                                {"skill", errors.skill},
                                                {"skill_95", {errors.skill_low, errors.skill_high}},
                                                {"chance_p", report.chance.p},
                                                {"chance_permutations", report.chance.tried}};
  record["limits"] = {
      {"range", "never says less or more than the least and the greatest that it was fitted on"},
      {"people",
       "judged on persons of the same table; other places, cameras and models of "
       "expression change the figures it reads"}};
  return record;
}

}  // namespace

Status write_kept(const Cases& cases, const FittedModel& model, const RegressReport& report,
                  const std::string& fingerprint, const std::filesystem::path& out) {
  const std::array<std::string, 3> texts = {model_json(cases, model, report).dump(),
                                            self_test_json(cases, model).dump(),
                                            record_json(cases, report, fingerprint).dump(2)};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (Status written = replace_file(out / kKeptFiles[i], texts[i] + "\n"); !written) {
      return written;
    }
  }
  return {};
}

}  // namespace pyro::training
