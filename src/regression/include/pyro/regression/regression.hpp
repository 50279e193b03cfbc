// A regression that `pyrometer-train regress` fitted and the registry holds: from a session's figures to a
// survey's score.
#pragma once

#include <string>
#include <vector>

#include "pyro/infer/model_store.hpp"
#include "pyro/regression/features.hpp"

namespace pyro::regression {

struct Prediction {
  double value = 0;        // NaN: nothing of the row is known
  double known_share = 0;  // of the figures
};

class Regression {
 public:
  // Errors: those of ModelStore::compile; wrong_use: the model is no regression.
  static Result<Regression> open(const infer::ModelStore& models, const std::string& name);

  [[nodiscard]] const std::string& reference() const { return reference_; }  // name@version
  [[nodiscard]] const std::string& target() const { return target_; }
  [[nodiscard]] const std::vector<Feature>& features() const { return features_; }

  // A prediction a row. Errors: those of encode().
  [[nodiscard]] Result<std::vector<Prediction>> predict(const Table& table);

 private:
  Regression(infer::Network network, std::string reference)
      : network_(std::move(network)), reference_(std::move(reference)) {}

  infer::Network network_;
  std::string reference_, target_;
  std::vector<Feature> features_;
};

}  // namespace pyro::regression
