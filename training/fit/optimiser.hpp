// Nesterov SGD and an average of the weights, with their state as plain named tensors, so that a checkpoint
// holds all of it and a resumed run goes on exactly.
#pragma once

#include <torch/torch.h>

#include <string>
#include <utility>
#include <vector>

namespace pyro::training {

using NamedTensors = std::vector<std::pair<std::string, torch::Tensor>>;

class Nesterov {
 public:
  // Weight decay only on tensors of two dimensions and more: BN scales and biases stay free.
  Nesterov(torch::nn::Module& net, double momentum, double weight_decay);
  void step(double learning_rate);
  void zero_grad();
  [[nodiscard]] NamedTensors state() const { return velocities_; }

 private:
  NamedTensors parameters_;
  NamedTensors velocities_;
  double momentum_;
  double weight_decay_;
};

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
