// Nested cross-validation by person: settings are chosen on folds within the fitted part, so that no held-out
// row has a say in what predicts it.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "regress/boosted.hpp"
#include "regress/elastic_net.hpp"

namespace pyro::training {

struct RegressOptions {
  int outer_folds = 5, inner_folds = 5;
  int permutations = 200;
  std::uint64_t seed = 1;
};

enum class Family { elastic_net, trees };
inline constexpr std::array<Family, 2> kFamilies = {Family::elastic_net, Family::trees};
[[nodiscard]] const char* name_of(Family family);

// A fold with the folds within it, and what of it no target changes.
struct OuterFold {
  Fold fold;
  std::vector<Fold> inner;
  std::unique_ptr<Design> design;
  std::vector<std::unique_ptr<Design>> inner_designs;
};
// The folds within all rows stand last in `refit`, which holds nothing out: for the model that is kept.
struct Plan {
  std::vector<OuterFold> outer;
  OuterFold refit;
};
[[nodiscard]] Plan plan_of(const Cases& cases, const RegressOptions& options);

struct Settings {
  Penalty penalty;
  Growth growth;
};
// By the least mean squared error over the inner folds.
[[nodiscard]] Penalty choose_penalty(const Cases& cases, const OuterFold& fold, std::span<const double> y);
[[nodiscard]] Growth choose_growth(const Cases& cases, const OuterFold& fold, std::span<const double> y,
                                   std::uint64_t seed);

// A fitted model of either family. Predictions never leave the range of the targets that it was fitted on.
class FittedModel {
 public:
  FittedModel(const Cases& cases, const Rows& rows, std::span<const double> y, Family family,
              const Settings& settings, std::uint64_t seed, const Design* design = nullptr);

  [[nodiscard]] std::vector<double> predict(const Cases& cases, const Rows& rows) const;
  [[nodiscard]] const LinearModel& linear() const { return *linear_; }
  [[nodiscard]] const BoostedModel& boosted() const { return *boosted_; }
  [[nodiscard]] double least() const { return least_; }
  [[nodiscard]] double greatest() const { return greatest_; }

 private:
  std::optional<LinearModel> linear_;
  std::optional<BoostedModel> boosted_;
  double least_ = 0, greatest_ = 0;
};

// What each predictor says of each row without having seen its person.
struct OutOfFold {
  std::vector<double> mean;                   // of the targets of the fitted part
  std::array<std::vector<double>, 2> models;  // by Family
};
struct Nested {
  OutOfFold said;
  std::vector<Settings> settings;    // of each outer fold
  std::vector<float> contributions;  // of the trees, out of fold: row by row, a figure each, then the base
};
// `known`: settings of each fold that are not to be chosen again.
[[nodiscard]] Nested nested(const Cases& cases, const Plan& plan, std::span<const double> y,
                            const RegressOptions& options);

// 1 - Σ(y - ŷ)²/Σ(y - mean)², both out of fold: R² against somebody who only knows the mean.
[[nodiscard]] double skill_of(std::span<const double> y, std::span<const double> said,
                              std::span<const double> mean);

// How often a target under which the figures tell nothing gives a skill as large as the larger of both
// families' (so that taking the better one is paid for). The elastic net chooses its penalty anew for each
// target; the trees keep the settings that were chosen on the true one.
struct ChanceTest {
  int tried = 0;
  double p = 1;                // (1 + as large) / (1 + tried)
  std::vector<double> skills;  // the larger one of each
};
[[nodiscard]] ChanceTest chance_test(const Cases& cases, const Plan& plan, const Nested& true_one,
                                     const RegressOptions& options);

// Errors with fewer persons to learn from: the same held-out rows, a share of the fitted persons.
struct LearningPoint {
  double share = 1;
  double persons = 0;                       // fitted on, mean over the folds
  std::array<std::vector<double>, 2> said;  // by Family, of every row
  std::vector<double> mean;
};
[[nodiscard]] std::vector<LearningPoint> learning_curve(const Cases& cases, const Plan& plan,
                                                        const Nested& whole, const RegressOptions& options);

}  // namespace pyro::training
