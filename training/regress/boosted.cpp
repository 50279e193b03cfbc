#include "regress/boosted.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace pyro::training {
namespace {

// With more digits than std::to_string has.
std::string exact(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.9g", value);
  return text.data();
}

// `y` empty: labels of 0, for rows that are only predicted.
xgboost::Matrix matrix_of(const Cases& cases, const Rows& rows, std::span<const double> y) {
  std::vector<float> values;
  std::vector<float> labels;
  values.reserve(rows.size() * cases.x.columns);
  labels.reserve(rows.size());
  for (const std::size_t row : rows) {
    values.insert(values.end(), cases.x.row(row), cases.x.row(row) + cases.x.columns);
    labels.push_back(y.empty() ? 0.0F : static_cast<float>(y[row]));
  }
  return xgboost::matrix_of(values, cases.x.columns, labels);
}

// Small steps, shallow trees, leaves of at least five rows: sessions are few and noisy.
xgboost::Settings settings_of(int depth, double base, std::uint64_t seed) {
  return {{"objective", "reg:squarederror"},
          {"eval_metric", "rmse"},
          {"max_bin", "64"},
          {"seed", std::to_string(seed)},
          {"base_score", exact(base)},
          {"max_depth", std::to_string(depth)},
          {"eta", "0.05"},
          {"subsample", "0.8"},
          {"colsample_bytree", "0.5"},
          {"min_child_weight", "5"},
          {"lambda", "1"}};
}

}  // namespace

BoostedModel::BoostedModel(const Cases& cases, const Rows& rows, std::span<const double> y,
                           const Growth& growth, std::uint64_t seed)
    : base_(mean_of(y, rows)), rounds_(growth.rounds) {
  const xgboost::Matrix fit = matrix_of(cases, rows, y);
  const std::array<void*, 1> known = {fit.get()};
  booster_ = xgboost::booster_of(known, settings_of(growth.depth, base_, seed));
  for (int round = 0; round < rounds_; ++round) {
    xgboost::grow(booster_, fit, round);
  }
}

std::vector<double> BoostedModel::predict(const Cases& cases, const Rows& rows) const {
  const std::vector<float> values = xgboost::predict(booster_, matrix_of(cases, rows, {}), rounds_);
  return {values.begin(), values.end()};
}

std::vector<float> BoostedModel::contributions(const Cases& cases, const Rows& rows) const {
  return xgboost::predict(booster_, matrix_of(cases, rows, {}), rounds_, xgboost::Output::contributions);
}

xgboost::Forest BoostedModel::forest() const {
  return xgboost::forest_of(booster_, rounds_, 1);
}

std::vector<double> losses_by_round(const Cases& cases, const Fold& fold, std::span<const double> y,
                                    int depth, std::uint64_t seed) {
  const xgboost::Matrix fit = matrix_of(cases, fold.fit, y);
  const xgboost::Matrix held = matrix_of(cases, fold.held, y);
  const std::array<void*, 2> known = {fit.get(), held.get()};
  const xgboost::Booster booster = xgboost::booster_of(known, settings_of(depth, mean_of(y, fold.fit), seed));
  std::vector<double> losses;
  std::size_t best = 0;
  for (std::size_t round = 0; round < kMostRounds && round <= best + kRoundPatience; ++round) {
    xgboost::grow(booster, fit, static_cast<int>(round));
    const double root = xgboost::loss(booster, held, static_cast<int>(round));
    losses.push_back(root * root);
    if (losses[round] < losses[best]) {
      best = round;
    }
  }
  return losses;
}

}  // namespace pyro::training
