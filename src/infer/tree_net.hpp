// The runner of fused models: boosted trees on measures of a face, and the weights by which their answer and
// the expression network's are put together. Private to the room.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "pyro/base/result.hpp"
#include "tree_walk.hpp"

namespace pyro::infer {

// A head h has K classes. Its trees give one score s_k a class (XGBoost's multi:softprob): the branch's
// probabilities q = softmax(s). With the network's probabilities p of the same head,
//   fused_k ∝ exp(network_k · log p_k + branch_k · log q_k + bias_k).
// Input: [1, features + heads · K], the features (NaN: not known, which trees have a way for), then p of
// every head. Outputs: the fused probabilities of every head [1, K], then the branch's of every head [1, K],
// then [1, 1]: for how many seconds the answer remembers (docs/formats.md, "A fused model").
class TreeNet {
 public:
  // Errors (bad_input, naming `name_in_messages`): no JSON, another schema, a key missing, lists that do not
  // fit together, a node that does not lead downwards, a value that is not finite.
  static Result<TreeNet> parse(std::string_view text, std::string_view name_in_messages);

  [[nodiscard]] const std::vector<std::size_t>& input_shape() const { return input_shape_; }
  [[nodiscard]] std::size_t outputs() const { return output_shapes_.size(); }
  [[nodiscard]] const std::vector<std::size_t>& output_shape(std::size_t index) const {
    return output_shapes_.at(index);
  }

  class Memory {
   public:
    explicit Memory(const TreeNet& net);
    [[nodiscard]] std::span<float> input() { return input_; }
    [[nodiscard]] std::span<const float> output(std::size_t index) const { return outputs_.at(index); }

   private:
    friend class TreeNet;
    std::vector<float> input_;
    std::vector<std::vector<float>> outputs_;
    std::vector<double> scores_, fused_;
  };
  void run(Memory& memory) const;

 private:
  struct Head {
    Trees trees;  // a class each in turn
    std::vector<double> network, branch, bias;
  };

  std::size_t features_ = 0, classes_ = 0;
  float smoothing_s_ = 0;
  std::vector<Head> heads_;
  std::vector<std::size_t> input_shape_;
  std::vector<std::vector<std::size_t>> output_shapes_;
};

}  // namespace pyro::infer
