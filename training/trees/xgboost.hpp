// XGBoost's C interface as values that free themselves. Everything here throws std::runtime_error with
// XGBoost's own words; who offers a Result to others catches it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace pyro::training::xgboost {

struct FreeMatrix {
  void operator()(void* matrix) const;
};
struct FreeBooster {
  void operator()(void* booster) const;
};
using Matrix = std::unique_ptr<void, FreeMatrix>;
using Booster = std::unique_ptr<void, FreeBooster>;

// Row-major, a label a row; NaN is "not known".
[[nodiscard]] Matrix matrix_of(std::span<const float> values, std::size_t columns,
                               std::span<const float> labels);

using Settings = std::vector<std::pair<const char*, std::string>>;
// `known`: what it will be fitted on and judged by. Beside `settings`: one thread, quiet, trees by histogram.
[[nodiscard]] Booster booster_of(std::span<void* const> known, const Settings& settings);

// One more round on `fit`.
void grow(const Booster& booster, const Matrix& fit, int round);
// The mean of the booster's eval_metric over `judged`.
[[nodiscard]] double loss(const Booster& booster, const Matrix& judged, int round);

enum class Output { value = 0, contributions = 2 };  // XGBoost's numbers for them
// By the first `rounds` rounds, row by row: a value a class, or a contribution a column and then the base
// (Lundberg et al. 2018: exact SHAP values of trees, which sum to the value before any link).
[[nodiscard]] std::vector<float> predict(const Booster& booster, const Matrix& matrix, int rounds,
                                         Output output = Output::value);

// All trees, as docs/formats.md ("A fused model") has them.
struct Forest {
  int rounds = 0;
  std::vector<std::int32_t> left;
  std::vector<std::uint16_t> feature;
  std::vector<int> missing_left;
  std::vector<float> value;
  std::vector<std::size_t> root;
};
// The first `rounds` rounds of `trees_a_round` trees each (class by class).
[[nodiscard]] Forest forest_of(const Booster& booster, int rounds, int trees_a_round);

}  // namespace pyro::training::xgboost
