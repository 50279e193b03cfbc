// Optimisers and an average of the weights, with their state as plain named tensors, so that a checkpoint
// holds all of it and a resumed run goes on exactly.
#pragma once

#include <torch/torch.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "pyro/base/result.hpp"

namespace pyro::training {

using NamedTensors = std::vector<std::pair<std::string, torch::Tensor>>;

// Weight decay only on tensors of two dimensions and more: BN scales and biases stay free.
class Optimiser {
 public:
  virtual ~Optimiser() = default;
  // `step` counts from 1 over the whole run.
  virtual void step(double learning_rate, int64_t step) = 0;
  [[nodiscard]] virtual NamedTensors state() const = 0;  // the same tensors that the optimiser uses
  void zero_grad();

 protected:
  explicit Optimiser(torch::nn::Module& net);
  NamedTensors parameters_;
};

// "sgd": Nesterov's momentum; "adamw": β 0.9 and 0.999, decay apart from the gradient (Loshchilov and Hutter
// 2019). Errors (wrong_use): another name.
Result<std::unique_ptr<Optimiser>> make_optimiser(const std::string& name, torch::nn::Module& net,
                                                  double momentum, double weight_decay);

// Exponential average of parameters and BN statistics. The decay warms up as (1 + s) / (10 + s) over the
// steps s: a fixed one would carry the random start along for thousands of steps.
class WeightAverage {
 public:
  WeightAverage(torch::nn::Module& net, double decay);
  void update(int64_t step);
  [[nodiscard]] NamedTensors state() const { return averages_; }
  void copy_to(torch::nn::Module& net) const;

 private:
  NamedTensors sources_;
  NamedTensors averages_;
  double decay_;
};

// Parameters and floating-point buffers, the same tensors that the net uses.
NamedTensors weights_of(const torch::nn::Module& net);

// Linear warm-up, then half a cosine to 0 (Loshchilov and Hutter 2017); `epoch` with its fraction, from 0.
double learning_rate_at(double epoch, double epochs, double warm_up_epochs, double top);

}  // namespace pyro::training
