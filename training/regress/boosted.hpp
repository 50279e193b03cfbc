// Boosted trees for a number (XGBoost, squared error).
#pragma once

#include <span>
#include <vector>

#include "regress/cases.hpp"
#include "trees/xgboost.hpp"

namespace pyro::training {

struct Growth {
  int depth = 2;    // levels of questions
  int rounds = 50;  // trees
};
inline constexpr std::array<int, 3> kDepths = {1, 2, 4};
inline constexpr int kMostRounds = 400, kRoundPatience = 30;

// Everything throws as trees/xgboost.hpp does.
class BoostedModel {
 public:
  BoostedModel(const Cases& cases, const Rows& rows, std::span<const double> y, const Growth& growth,
               std::uint64_t seed);

  [[nodiscard]] std::vector<double> predict(const Cases& cases, const Rows& rows) const;
  // Of each row: a contribution a figure, then the base; they sum to the prediction.
  [[nodiscard]] std::vector<float> contributions(const Cases& cases, const Rows& rows) const;
  [[nodiscard]] xgboost::Forest forest() const;
  [[nodiscard]] double base() const { return base_; }

 private:
  double base_;  // the mean of y that every prediction starts from
  int rounds_;
  xgboost::Booster booster_;
};

// The mean squared error on fold.held after each round on fold.fit, until it has not fallen for
// kRoundPatience rounds.
[[nodiscard]] std::vector<double> losses_by_round(const Cases& cases, const Fold& fold,
                                                  std::span<const double> y, int depth, std::uint64_t seed);

}  // namespace pyro::training
