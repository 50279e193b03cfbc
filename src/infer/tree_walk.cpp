#include "tree_walk.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

namespace pyro::infer {

std::vector<double> numbers_of(const nlohmann::json& json, const char* name, std::size_t count) {
  auto values = json.at(name).get<std::vector<double>>();
  if (values.size() != count ||
      !std::ranges::all_of(values, [](double value) { return std::isfinite(value); }))
    throw std::invalid_argument(std::string(name) + " must hold " + std::to_string(count) + " numbers");
  return values;
}

Trees trees_of(const nlohmann::json& json, std::size_t features) {
  const auto left = json.at("left").get<std::vector<std::int32_t>>();
  const std::vector<double> values = numbers_of(json, "value", left.size());
  const auto feature = json.at("feature").get<std::vector<std::uint16_t>>();
  const auto missing_left = json.at("missing_left").get<std::vector<int>>();
  if (feature.size() != left.size() || missing_left.size() != left.size())
    throw std::invalid_argument("left, feature, missing_left and value must be as long as each other");
  Trees trees;
  trees.nodes.resize(left.size());
  for (std::size_t i = 0; i < left.size(); ++i) {
    // Children stand behind their parent, so that every walk ends.
    if (left[i] != 0 &&
        (left[i] <= static_cast<std::int32_t>(i) || static_cast<std::size_t>(left[i]) + 1 >= left.size()))
      throw std::invalid_argument("node " + std::to_string(i) + " does not lead downwards");
    if (feature[i] >= features)
      throw std::invalid_argument("node " + std::to_string(i) + " asks for an unknown feature");
    trees.nodes[i] = {left[i], feature[i], missing_left[i] != 0, static_cast<float>(values[i])};
  }
  trees.roots = json.at("root").get<std::vector<std::size_t>>();
  for (std::size_t t = 0; t < trees.roots.size(); ++t) {
    if (trees.roots[t] >= left.size())
      throw std::invalid_argument("tree " + std::to_string(t) + " has no nodes");
  }
  return trees;
}

}  // namespace pyro::infer
