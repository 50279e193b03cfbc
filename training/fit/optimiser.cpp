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

Optimiser::Optimiser(torch::nn::Module& net) {
  for (const auto& item : net.named_parameters()) {
    parameters_.emplace_back(item.key(), item.value());
  }
}

void Optimiser::zero_grad() {
  for (auto& [name, parameter] : parameters_) {
    if (parameter.grad().defined()) {
      parameter.mutable_grad().zero_();
    }
  }
}

namespace {

NamedTensors zeros_like(const NamedTensors& tensors, const std::string& prefix = {}) {
  NamedTensors zeros;
  for (const auto& [name, tensor] : tensors) {
    zeros.emplace_back(prefix + name, torch::zeros_like(tensor.detach()));
  }
  return zeros;
}

class Nesterov final : public Optimiser {
 public:
  Nesterov(torch::nn::Module& net, double momentum, double weight_decay)
      : Optimiser(net),
        velocities_(zeros_like(parameters_)),
        momentum_(momentum),
        weight_decay_(weight_decay) {}

  void step(double learning_rate, int64_t /*step*/) override {
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

  [[nodiscard]] NamedTensors state() const override { return velocities_; }

 private:
  NamedTensors velocities_;
  double momentum_;
  double weight_decay_;
};

class AdamW final : public Optimiser {
 public:
  AdamW(torch::nn::Module& net, double weight_decay)
      : Optimiser(net),
        means_(zeros_like(parameters_, "mean/")),
        squares_(zeros_like(parameters_, "square/")),
        weight_decay_(weight_decay) {}

  void step(double learning_rate, int64_t step) override {
    constexpr double kBeta1 = 0.9;
    constexpr double kBeta2 = 0.999;
    constexpr double kEpsilon = 1e-8;
    const torch::NoGradGuard no_grad;
    const double mean_share = 1.0 - std::pow(kBeta1, static_cast<double>(step));
    const double square_share = 1.0 - std::pow(kBeta2, static_cast<double>(step));
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      torch::Tensor& parameter = parameters_[i].second;
      const torch::Tensor& gradient = parameter.grad();
      if (!gradient.defined()) {
        continue;
      }
      if (parameter.dim() > 1) {
        parameter.mul_(1.0 - learning_rate * weight_decay_);
      }
      torch::Tensor& mean = means_[i].second;
      torch::Tensor& square = squares_[i].second;
      mean.lerp_(gradient, 1.0 - kBeta1);
      square.mul_(kBeta2).addcmul_(gradient, gradient, 1.0 - kBeta2);
      const torch::Tensor scale = (square / square_share).sqrt_().add_(kEpsilon);
      parameter.addcdiv_(mean, scale, -learning_rate / mean_share);
    }
  }

  [[nodiscard]] NamedTensors state() const override {
    NamedTensors all = means_;
    all.insert(all.end(), squares_.begin(), squares_.end());
    return all;
  }

 private:
  NamedTensors means_;
  NamedTensors squares_;
  double weight_decay_;
};

}  // namespace

Result<std::unique_ptr<Optimiser>> make_optimiser(const std::string& name, torch::nn::Module& net,
                                                  double momentum, double weight_decay) {
  if (name == "sgd") return std::make_unique<Nesterov>(net, momentum, weight_decay);
  if (name == "adamw") return std::make_unique<AdamW>(net, weight_decay);
  return wrong_use("--optimiser " + name + ": there is none of that name; known are sgd and adamw");
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
