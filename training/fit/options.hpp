// Everything that decides what a run learns. Written into the run's folder and into every checkpoint.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>

#include "datasets/augment.hpp"
#include "nets/expression_net.hpp"

namespace pyro::training {

struct FitOptions {
  int epochs = 60;
  int batch = 64;
  std::uint64_t seed = 1;
  double hold_out = 0.1;        // share of the distinct training pictures to choose on
  double learning_rate = 0.06;  // at the top, after the warm-up
  double warm_up_epochs = 2.0;
  double momentum = 0.9;         // Nesterov
  double weight_decay = 5e-4;    // on convolutions and heads, not on BN and biases
  double label_smoothing = 0.1;  // of the fer2013 head; the votes of the product head are soft by themselves
  double mixup_chance = 0.0;     // a batch is blended with itself in another order (Zhang et al. 2018)
  double ema_decay = 0.999;      // a step, once warmed up
  AugmentOptions augment;
  NetOptions net;
};

nlohmann::json to_json(const FitOptions& options);
NetOptions net_from_json(const nlohmann::json& json);

}  // namespace pyro::training
