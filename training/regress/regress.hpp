// Regressing a survey's score on a session's figures: judged by nested cross-validation by person, kept only
// where it beats predicting the mean.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "regress/nested.hpp"

namespace pyro::training {

struct RegressInput {
  std::filesystem::path table;
  std::string target, person;  // columns; no person: every row is somebody of his own
  regression::Choice choice;
};

// Of predictions that were made without having seen the person.
struct Errors {
  double rmse = 0, mean_absolute = 0;
  double skill = 0;                      // against the mean predictor
  double skill_low = 0, skill_high = 0;  // 95 %, persons drawn with replacement
};
[[nodiscard]] Errors errors_of(const Cases& cases, std::span<const double> said, std::span<const double> mean,
                               std::uint64_t seed);

// What XGBoost's trees make of each figure, out of fold (SHAP).
struct Importance {
  std::string figure;
  double mean_absolute = 0;  // contribution, in the target's unit
  double direction = 0;      // r of the figure and its contribution: above 0, more of it means more
};

struct RegressReport {
  std::string file, target, person;
  std::vector<std::string> left_out;  // columns and why
  std::size_t rows = 0, persons = 0, without_target = 0, figures = 0;
  bool simulated = false;  // the table says so of any of its rows
  RegressOptions options;
  Errors mean;
  std::array<Errors, 2> families;  // by Family
  std::vector<Settings> settings;  // of each outer fold
  ChanceTest chance;
  struct Point {
    double persons = 0;
    double mean_rmse = 0;
    std::array<Errors, 2> families;
  };
  std::vector<Point> curve;
  std::vector<Importance> importances;  // the largest first
  std::vector<std::pair<std::string, double>>
      weights;  // of the elastic net on all rows, a standard deviation
  Family best = Family::elastic_net;
  Settings kept;
  std::string refusal;          // why no model is kept; empty: one is
  std::vector<double> y, said;  // out of fold, by the better family
};

// Writes report.json, report.html, predictions.csv and shap.csv (both out of fold) into `out`, and, where the
// better family beats the mean predictor (the interval of its skill lies above 0 and chance explains it with
// p <= 0.05), regression.json, selftest.json and record.json for `models add`; else files of those names are
// removed. Errors: those of reading the table; failed, not writable, XGBoost failed.
[[nodiscard]] Result<RegressReport> regress(const RegressInput& input, const RegressOptions& options,
                                            const std::filesystem::path& out);

[[nodiscard]] nlohmann::ordered_json to_json(const RegressReport& report);
[[nodiscard]] Status write_regression_page(const RegressReport& report, const std::filesystem::path& file);

}  // namespace pyro::training
