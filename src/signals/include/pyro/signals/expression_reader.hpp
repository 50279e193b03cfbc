// A face → its expression, by the expression network alone or fused with the landmark branch; and the memory
// of a fused model from frame to frame.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pyro/base/time.hpp"
#include "pyro/records/face.hpp"
#include "pyro/signals/expression_net.hpp"

namespace pyro::signals {

// The names of all models that this one works with: itself, and a fused model's network.
[[nodiscard]] std::vector<std::string> models_behind(const infer::ModelStore& models, std::string_view model);

// One request: belongs to one thread at a time. Nothing is allocated per face.
class ExpressionReader {
 public:
  // `model` names an expression network, or a fused model, which works on what "expression" means here.
  // Errors: those of ExpressionNet, or the model is neither of the two.
  [[nodiscard]] static Result<ExpressionReader> create(const infer::ModelStore& models,
                                                       std::string_view model, Head head = Head::product,
                                                       infer::Precision precision = infer::Precision::f32);

  // Whether the mesh says anything to this model.
  [[nodiscard]] bool fused() const { return fusion_.has_value(); }
  // For how long the answer for a face that is followed remembers earlier frames: SmoothedExpression's time
  // constant; 0: not at all.
  [[nodiscard]] Seconds memory() const { return memory_; }

  // p sums to 1 within 1e-6. The mesh must have its facial actions; without a mesh (point_count 0) a fused
  // model answers as its network alone. Errors: the engine failed, or there are no probabilities.
  [[nodiscard]] Result<records::Expression> read(const crop::GreyFace& face, const records::FaceMesh& mesh);

 private:
  ExpressionReader(ExpressionNet net, std::size_t head) : net_(std::move(net)), head_(head) {}

  ExpressionNet net_;
  std::size_t head_;
  std::optional<infer::Network> fusion_;
  Seconds memory_{0};
};

// The probabilities of one followed face over time: a causal, exponentially forgetting mean of their
// logarithms, z_t = ρ z_{t−1} + (1 − ρ) log p_t with ρ = exp(−Δt/τ), and p = softmax(z). A fused model's
// answer is linear in the logarithms of both parts before its softmax, so this is the same as to let each
// part remember. A frame that stands alone, or comes after a gap of more than kLongestGap, is its own answer.
class SmoothedExpression {
 public:
  static constexpr Seconds kLongestGap{1.0};

  explicit SmoothedExpression(Seconds time_constant) : time_constant_(time_constant) {}
  // Times must not go back. An expression that is not known is given back and remembered as nothing.
  [[nodiscard]] records::Expression update(Seconds time, const records::Expression& expression);

 private:
  Seconds time_constant_;
  bool begun_ = false;
  Seconds last_{0};
  std::array<double, records::kClasses> logs_{};
};

}  // namespace pyro::signals
