// 48×48 grey face → the seven expression probabilities.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "pyro/base/result.hpp"
#include "pyro/crop/expression_input.hpp"
#include "pyro/infer/model_store.hpp"
#include "pyro/infer/network.hpp"
#include "pyro/records/signals.hpp"

namespace pyro::signals {

// The network has two outputs that answer different questions: FER2013's own label, and the majority of ten
// FER+ annotators (the product's), which agrees with it on about two pictures of three.
enum class Head { product, fer2013 };

// One request of a shared compiled model: belongs to one thread at a time. Nothing is allocated per face.
class ExpressionNet {
 public:
  // Errors: the model is unknown, missing, altered or cannot be compiled, or is no expression network (its
  // input is not 48 × 48, or the head does not give seven values).
  [[nodiscard]] static Result<ExpressionNet> create(const infer::ModelStore& models,
                                                    std::string_view model = "expression",
                                                    Head head = Head::product,
                                                    infer::Precision precision = infer::Precision::f32);

  // p sums to 1 within 1e-6. Errors: the engine failed, or the network gave no probabilities.
  [[nodiscard]] Result<records::Expression> read(const crop::GreyFace& face);

  // What the heads read of the last face: the trunk's mean over the picture, not normalised. Valid until the
  // next read; empty where the model does not give it.
  [[nodiscard]] std::span<const float> embedding() const;

 private:
  ExpressionNet(infer::Network network, std::size_t output) : network_(std::move(network)), output_(output) {}

  infer::Network network_;
  std::size_t output_;
};

// Non-negative finite values to probabilities that sum to 1. Error: there is nothing to divide by.
[[nodiscard]] Result<records::Expression> normalised(std::span<const float> values);

}  // namespace pyro::signals
