// The runner of regressions: a number from a row of figures, by a linear model or by boosted trees. Private
// to the room.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "pyro/base/result.hpp"
#include "tree_walk.hpp"

namespace pyro::infer {

// Input: [1, features], NaN where a figure is not known. Output: [1, 1], the target in its own unit, never
// outside of what was seen while fitting (docs/formats.md, "A regression").
class RegressionNet {
 public:
  // Errors (bad_input, naming `name_in_messages`): no JSON, another schema, a key missing, lists that do not
  // fit together, trees that do not end, a value that is not finite.
  static Result<RegressionNet> parse(std::string_view text, std::string_view name_in_messages);

  [[nodiscard]] const std::vector<std::size_t>& input_shape() const { return input_shape_; }
  [[nodiscard]] static std::size_t outputs() { return 1; }
  [[nodiscard]] const std::vector<std::size_t>& output_shape(std::size_t /*index*/) const {
    return output_shape_;
  }

  class Memory {
   public:
    explicit Memory(const RegressionNet& net) : input_(net.input_shape_[1], 0.0F), output_(1, 0.0F) {}
    [[nodiscard]] std::span<float> input() { return input_; }
    [[nodiscard]] std::span<const float> output(std::size_t /*index*/) const { return output_; }

   private:
    friend class RegressionNet;
    std::vector<float> input_, output_;
  };
  void run(Memory& memory) const;

 private:
  double base_ = 0, least_ = 0, greatest_ = 0;
  std::vector<double> weights_, fill_;  // of a linear model; `fill_` stands in for what is not known
  Trees trees_;                         // of a boosted one
  std::vector<std::size_t> input_shape_, output_shape_ = {1, 1};
};

}  // namespace pyro::infer
