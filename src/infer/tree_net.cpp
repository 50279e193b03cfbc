#include "tree_net.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

namespace pyro::infer {
namespace {

constexpr std::string_view kTreesSchema = "pyrometer-trees/1";
constexpr double kLeastProbability = 1e-6;  // its logarithm is still a number to weigh
constexpr std::size_t kMostFeatures = 65535;

void refuse(const std::string& why) {
  throw std::invalid_argument(why);
}

std::vector<double> numbers(const nlohmann::json& list, std::size_t count, const char* name) {
  auto values = list.at(name).get<std::vector<double>>();
  if (values.size() != count ||
      !std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); }))
    refuse(std::string(name) + " must hold " + std::to_string(count) + " numbers");
  return values;
}

// Scores to probabilities, in place.
void softmax(std::span<double> scores) {
  const double most = *std::max_element(scores.begin(), scores.end());
  double sum = 0;
  for (double& score : scores) sum += score = std::exp(score - most);
  for (double& score : scores) score /= sum;
}

}  // namespace

Result<TreeNet> TreeNet::parse(std::string_view text, std::string_view name_in_messages) {
  const std::string name(name_in_messages);
  try {
    const nlohmann::json root = nlohmann::json::parse(text);
    if (root.at("schema") != kTreesSchema)
      return bad_input(name + ": schema must be " + std::string(kTreesSchema) +
                       "; this program reads no other");
    TreeNet net;
    net.features_ = root.at("features").size();
    net.classes_ = root.at("classes").size();
    net.smoothing_s_ = root.at("smoothing_s").get<float>();
    if (net.features_ < 1 || net.features_ > kMostFeatures || net.classes_ < 2)
      refuse("needs features and at least two classes");
    if (!(net.smoothing_s_ >= 0 && std::isfinite(net.smoothing_s_)))
      refuse("smoothing_s must be 0 or more seconds");
    for (const nlohmann::json& each : root.at("heads")) {
      Head& head = net.heads_.emplace_back();
      head.network = numbers(each, net.classes_, "network");
      head.branch = numbers(each, net.classes_, "branch");
      head.bias = numbers(each, net.classes_, "bias");
      const auto left = each.at("left").get<std::vector<std::int32_t>>();
      const std::vector<double> values = numbers(each, left.size(), "value");
      const auto feature = each.at("feature").get<std::vector<std::uint16_t>>();
      const auto missing_left = each.at("missing_left").get<std::vector<int>>();
      if (feature.size() != left.size() || missing_left.size() != left.size())
        refuse("left, feature, missing_left and value must be as long as each other");
      head.nodes.resize(left.size());
      for (std::size_t i = 0; i < left.size(); ++i) {
        // Children stand behind their parent, so that every walk ends.
        if (left[i] != 0 &&
            (left[i] <= static_cast<std::int32_t>(i) || static_cast<std::size_t>(left[i]) + 1 >= left.size()))
          refuse("node " + std::to_string(i) + " does not lead downwards");
        if (feature[i] >= net.features_) refuse("node " + std::to_string(i) + " asks for an unknown feature");
        head.nodes[i] = {left[i], feature[i], missing_left[i] != 0, static_cast<float>(values[i])};
      }
      const auto roots = each.at("root").get<std::vector<std::size_t>>();
      for (std::size_t t = 0; t < roots.size(); ++t) {
        if (roots[t] >= left.size()) refuse("tree " + std::to_string(t) + " has no nodes");
        head.trees.push_back({roots[t], t % net.classes_});
      }
    }
    if (net.heads_.empty()) refuse("holds no head");
    net.input_shape_ = {1, net.features_ + net.heads_.size() * net.classes_};
    net.output_shapes_.assign(2 * net.heads_.size(), {1, net.classes_});
    net.output_shapes_.push_back({1, 1});
    return net;
  } catch (const std::exception& error) {  // the library's own, and what is refused
    return bad_input(name + ": cannot be read as a fused model; fit it anew (`./run landmarks`)",
                     error.what());
  }
}

TreeNet::Memory::Memory(const TreeNet& net)
    : input_(net.input_shape_[1], 0.0F), scores_(net.classes_), fused_(net.classes_) {
  for (const std::vector<std::size_t>& shape : net.output_shapes_) outputs_.emplace_back(shape[1], 0.0F);
}

float TreeNet::leaf_of(const Head& head, std::size_t root, std::span<const float> features) {
  const Node* node = &head.nodes[root];
  while (node->left != 0) {
    const float value = features[node->feature];
    const bool left = std::isnan(value) ? node->missing_left : value < node->value;
    node = &head.nodes[static_cast<std::size_t>(node->left) + (left ? 0 : 1)];
  }
  return node->value;
}

void TreeNet::run(Memory& memory) const {
  const std::span<const float> features = std::span(memory.input_).first(features_);
  for (std::size_t h = 0; h < heads_.size(); ++h) {
    const Head& head = heads_[h];
    const std::span<const float> given =
        std::span<const float>(memory.input_).subspan(features_ + h * classes_, classes_);
    std::ranges::fill(memory.scores_, 0.0);
    for (const Tree& tree : head.trees)
      memory.scores_[tree.of_class] += static_cast<double>(leaf_of(head, tree.root, features));
    softmax(memory.scores_);
    for (std::size_t k = 0; k < classes_; ++k) {
      const double q = memory.scores_[k], p = static_cast<double>(given[k]);
      memory.fused_[k] = head.network[k] * std::log(p > kLeastProbability ? p : kLeastProbability) +
                         head.branch[k] * std::log(std::max(q, kLeastProbability)) + head.bias[k];
      memory.outputs_[heads_.size() + h][k] = static_cast<float>(q);
    }
    softmax(memory.fused_);
    std::ranges::transform(memory.fused_, memory.outputs_[h].begin(),
                           [](double value) { return static_cast<float>(value); });
  }
  memory.outputs_.back()[0] = smoothing_s_;
}

}  // namespace pyro::infer
