#include "landmarks/trees.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <string>

namespace pyro::training {
namespace {

xgboost::Matrix matrix_of(const Examples& examples) {
  return xgboost::matrix_of(examples.values, examples.features, examples.labels);
}

xgboost::Settings settings_of(const TreeOptions& options) {
  return {{"objective", "multi:softprob"},
          {"eval_metric", "mlogloss"},
          {"num_class", std::to_string(kClasses)},
          {"max_bin", "128"},
          {"seed", std::to_string(options.seed)},
          {"max_depth", std::to_string(options.max_depth)},
          {"eta", std::to_string(options.learning_rate)},
          {"subsample", std::to_string(options.row_share)},
          {"colsample_bytree", std::to_string(options.feature_share)},
          {"min_child_weight", std::to_string(options.least_weight)},
          {"lambda", std::to_string(options.l2)}};
}

std::vector<Distribution> said_of(const xgboost::Booster& booster, const Examples& examples, int rounds) {
  const std::vector<float> values = xgboost::predict(booster, matrix_of(examples), rounds);
  std::vector<Distribution> said(examples.size());
  for (std::size_t i = 0; i < said.size(); ++i) {
    std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(i * kClasses), kClasses, said[i].begin());
  }
  return said;
}

}  // namespace

nlohmann::json to_json(const TreeOptions& options) {
  return {{"seed", options.seed},
          {"rounds", options.rounds},
          {"patience", options.patience},
          {"max_depth", options.max_depth},
          {"learning_rate", options.learning_rate},
          {"row_share", options.row_share},
          {"feature_share", options.feature_share},
          {"least_weight", options.least_weight},
          {"l2", options.l2}};
}

void Examples::add(const std::vector<float>& row, int label) {
  features = row.size();
  values.insert(values.end(), row.begin(), row.end());
  labels.push_back(static_cast<float>(label));
}

Result<Fitted> fit_trees(const Examples& fit, const Examples& stopping, const Examples& judged,
                         const TreeOptions& options) {
  if (fit.size() == 0 || stopping.size() == 0 || judged.size() == 0) {
    return bad_input("too few pictures with a mesh to fit, stop and judge on; give more pictures");
  }
  try {
    const xgboost::Matrix fit_matrix = matrix_of(fit);
    const xgboost::Matrix stopping_matrix = matrix_of(stopping);
    const std::array<void*, 2> known = {fit_matrix.get(), stopping_matrix.get()};
    const xgboost::Booster booster = xgboost::booster_of(known, settings_of(options));
    int best = 0;
    double least = 0;
    for (int round = 0; round < options.rounds && round <= best + options.patience; ++round) {
      xgboost::grow(booster, fit_matrix, round);
      const double loss = xgboost::loss(booster, stopping_matrix, round);
      if (round == 0 || loss < least) {
        best = round;
        least = loss;
      }
    }
    return Fitted{xgboost::forest_of(booster, best + 1, kClasses), least, said_of(booster, judged, best + 1)};
  } catch (const std::exception& error) {
    return failed("XGBoost cannot fit the trees; check the features' table", error.what());
  }
}

}  // namespace pyro::training
