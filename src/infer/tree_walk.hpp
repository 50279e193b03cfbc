// Boosted trees as the model files have them, and the way down one of them. Private to the room.
#pragma once

#include <cmath>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <vector>

namespace pyro::infer {

struct TreeNode {
  std::int32_t left = 0;  // 0: a leaf; the right one stands behind it
  std::uint16_t feature = 0;
  bool missing_left = false;
  float value = 0;  // goes left below it; of a leaf: what it adds
};

struct Trees {
  std::vector<TreeNode> nodes;
  std::vector<std::size_t> roots;

  // NaN is "not known": every question has a way for it.
  [[nodiscard]] float leaf_of(std::size_t root, std::span<const float> features) const {
    const TreeNode* node = &nodes[root];
    while (node->left != 0) {
      const float value = features[node->feature];
      const bool left = std::isnan(value) ? node->missing_left : value < node->value;
      node = &nodes[static_cast<std::size_t>(node->left) + (left ? 0 : 1)];
    }
    return node->value;
  }
};

// `json` has root, left, feature, missing_left, value (docs/formats.md, "A fused model"). Throws
// std::exception: a key is missing, lists do not fit together, a node does not lead downwards or asks for a
// feature from `features` on, a value is not finite.
[[nodiscard]] Trees trees_of(const nlohmann::json& json, std::size_t features);

// The list `name` of `json`, which must hold `count` finite numbers; throws as trees_of.
[[nodiscard]] std::vector<double> numbers_of(const nlohmann::json& json, const char* name, std::size_t count);

}  // namespace pyro::infer
