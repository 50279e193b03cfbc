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
      head.network = numbers_of(each, "network", net.classes_);
      head.branch = numbers_of(each, "branch", net.classes_);
      head.bias = numbers_of(each, "bias", net.classes_);
      head.trees = trees_of(each, net.features_);
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

void TreeNet::run(Memory& memory) const {
  const std::span<const float> features = std::span(memory.input_).first(features_);
  for (std::size_t h = 0; h < heads_.size(); ++h) {
    const Head& head = heads_[h];
    const std::span<const float> given =
        std::span<const float>(memory.input_).subspan(features_ + h * classes_, classes_);
    std::ranges::fill(memory.scores_, 0.0);
    for (std::size_t t = 0; t < head.trees.roots.size(); ++t)
      memory.scores_[t % classes_] += static_cast<double>(head.trees.leaf_of(head.trees.roots[t], features));
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
