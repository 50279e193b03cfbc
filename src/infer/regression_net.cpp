#include "regression_net.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

namespace pyro::infer {
namespace {

constexpr std::string_view kRegressionSchema = "pyrometer-regression/1";
constexpr std::size_t kMostFigures = 65535;

double finite(const nlohmann::json& json, const char* name) {
  const double value = json.at(name).get<double>();
  if (!std::isfinite(value)) throw std::invalid_argument(std::string(name) + " must be a number");
  return value;
}

}  // namespace

Result<RegressionNet> RegressionNet::parse(std::string_view text, std::string_view name_in_messages) {
  const std::string name(name_in_messages);
  try {
    const nlohmann::json root = nlohmann::json::parse(text);
    if (root.at("schema") != kRegressionSchema)
      return bad_input(name + ": schema must be " + std::string(kRegressionSchema) +
                       "; this program reads no other");
    RegressionNet net;
    const std::size_t features = root.at("features").size();
    if (features < 1 || features > kMostFigures) throw std::invalid_argument("needs 1 to 65535 features");
    net.least_ = finite(root.at("target"), "least");
    net.greatest_ = finite(root.at("target"), "greatest");
    if (!(net.least_ < net.greatest_)) throw std::invalid_argument("least must be below greatest");
    if (root.contains("linear")) {
      const nlohmann::json& linear = root.at("linear");
      net.base_ = finite(linear, "intercept");
      net.weights_ = numbers_of(linear, "weights", features);
      net.fill_ = numbers_of(linear, "fill", features);
    } else {
      net.base_ = finite(root.at("trees"), "base");
      net.trees_ = trees_of(root.at("trees"), features);
    }
    net.input_shape_ = {1, features};
    return net;
  } catch (const std::exception& error) {  // the library's own, and what is refused
    return bad_input(name + ": cannot be read as a regression; fit it anew (`./run regress`)", error.what());
  }
}

void RegressionNet::run(Memory& memory) const {
  double value = base_;
  for (std::size_t k = 0; k < weights_.size(); ++k) {
    const auto given = static_cast<double>(memory.input_[k]);
    value += weights_[k] * (std::isfinite(given) ? given : fill_[k]);
  }
  for (const std::size_t root : trees_.roots)
    value += static_cast<double>(trees_.leaf_of(root, memory.input_));
  memory.output_[0] = static_cast<float>(std::clamp(value, least_, greatest_));
}

}  // namespace pyro::infer
