#include "fit/optimiser.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace pyro::training {

NamedTensors weights_of(const torch::nn::Module& net) {
  NamedTensors weights;
  for (const auto& item : net.named_parameters()) {
    weights.emplace_back(item.key(), item.value().detach());
  }
  for (const auto& item : net.named_buffers()) {
    if (item.value().is_floating_point()) {
      weights.emplace_back(item.key(), item.value());
    }
  }
  return weights;
}

Nesterov::Nesterov(torch::nn::Module& net, double momentum, double weight_decay)
    : momentum_(momentum), weight_decay_(weight_decay) {
  for (const auto& item : net.named_parameters()) {
    parameters_.emplace_back(item.key(), item.value());
    velocities_.emplace_back(item.key(), torch::zeros_like(item.value().detach()));
  }
}

void Nesterov::step(double learning_rate) {
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    torch::Tensor& parameter = parameters_[i].second;
    torch::Tensor& velocity = velocities_[i].second;
    torch::Tensor gradient = parameter.grad();
    if (!gradient.defined()) {
      continue;  // a head without a single labelled picture in this batch
    }
    if (parameter.dim() > 1) {
      gradient.add_(parameter, weight_decay_);
    }
    velocity.mul_(momentum_).add_(gradient);
    parameter.add_(gradient, -learning_rate).add_(velocity, -learning_rate * momentum_);
  }
}

void Nesterov::zero_grad() {
  for (auto& [name, parameter] : parameters_) {
    if (parameter.grad().defined()) {
      parameter.mutable_grad().zero_();
    }
  }
}

WeightAverage::WeightAverage(torch::nn::Module& net, double decay)
    : sources_(weights_of(net)), decay_(decay) {
  for (const auto& [name, source] : sources_) {
    averages_.emplace_back(name, source.clone());
  }
}

void WeightAverage::update(int64_t step) {
  const torch::NoGradGuard no_grad;
  const auto count = static_cast<double>(step);
  const double decay = std::min(decay_, (1.0 + count) / (10.0 + count));
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    averages_[i].second.lerp_(sources_[i].second, 1.0 - decay);
  }
}

void WeightAverage::copy_to(torch::nn::Module& net) const {
  const torch::NoGradGuard no_grad;
  NamedTensors targets = weights_of(net);
  for (std::size_t i = 0; i < targets.size(); ++i) {
    targets[i].second.copy_(averages_[i].second);
  }
}

double learning_rate_at(double epoch, double epochs, double warm_up_epochs, double top) {
  if (epoch < warm_up_epochs) {
    return top * std::max(epoch / warm_up_epochs, 0.01);
  }
  const double done = std::min(1.0, (epoch - warm_up_epochs) / std::max(1e-9, epochs - warm_up_epochs));
  return top * 0.5 * (1.0 + std::cos(std::numbers::pi * done));
}

}  // namespace pyro::training
