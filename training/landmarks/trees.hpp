// Boosted trees on the measures of a face, by XGBoost (Chen and Guestrin 2016).
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "datasets/fer2013.hpp"
#include "pyro/base/result.hpp"
#include "trees/xgboost.hpp"

namespace pyro::training {

struct TreeOptions {
  std::uint64_t seed = 1;
  int rounds = 300;   // most; each adds a tree a class
  int patience = 15;  // rounds without a better stopping set before it ends
  int max_depth = 4;  // levels of questions
  double learning_rate = 0.15;
  double row_share = 0.8, feature_share = 0.5;  // drawn for each tree
  double least_weight = 5;                      // of a leaf (sum of second derivatives)
  double l2 = 1;
};
nlohmann::json to_json(const TreeOptions& options);

// Row-major; NaN is "not known".
struct Examples {
  std::size_t features = 0;
  std::vector<float> values;
  std::vector<float> labels;  // a class each

  [[nodiscard]] std::size_t size() const { return labels.size(); }
  void add(const std::vector<float>& row, int label);
};

struct Fitted {
  xgboost::Forest forest;          // up to the best round on the stopping set
  double stopping_loss = 0;        // mean log loss on the stopping set at that round
  std::vector<Distribution> said;  // XGBoost's own probabilities for the rows that were to be judged
};

// Fits on `fit`, ends by `stopping`, and predicts `judged` (its labels are not looked at). One thread, the
// same for the same seed. Errors: a set is empty (bad_input), XGBoost failed (failed).
[[nodiscard]] Result<Fitted> fit_trees(const Examples& fit, const Examples& stopping, const Examples& judged,
                                       const TreeOptions& options);

}  // namespace pyro::training
