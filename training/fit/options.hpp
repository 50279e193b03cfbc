// Everything that decides what a run learns. Written into the run's folder and into every checkpoint.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "datasets/augment.hpp"
#include "nets/net.hpp"

namespace pyro::training {

struct FitOptions {
  int epochs = 60;
  int batch = 64;
  std::uint64_t seed = 1;
  double hold_out = 0.1;         // share of the distinct training pictures to choose on
  std::uint64_t split_seed = 1;  // which ones: shared by runs that are compared or averaged

  std::string optimiser = "sgd";    // Nesterov SGD; or adamw (Loshchilov and Hutter 2019)
  std::string schedule = "cosine";  // to 0; or constant
  double learning_rate = 0.06;      // at the top, after the warm-up
  double warm_up_epochs = 2.0;
  double momentum = 0.9;       // SGD's
  double weight_decay = 5e-4;  // on convolutions and heads, not on BN and biases
  double ema_decay = 0.999;    // of the weights' average, a step, once warmed up
  int patience = 0;            // epochs without a better hold-out before the run ends; 0: all epochs

  double fer2013_weight = 1.0;  // of each head's loss in the sum; 0 leaves a head untrained
  double product_weight = 1.0;
  double label_smoothing = 0.1;  // of the fer2013 head; the votes of the product head are soft by themselves
  std::string balance = "none";  // loss: rare classes weigh more; sampling: they are drawn more often
  double distill_weight = 0.5;   // share of the teacher in the loss, where there is one (Hinton et al. 2015)
  double temperature = 2.0;      // at which teacher and student are compared

  double mixup_chance = 0.0;   // a batch is blended with itself in another order (Zhang et al. 2018)
  double cutmix_chance = 0.0;  // a rectangle of it comes from another picture (Yun et al. 2019)
  // Of convolutions and matrix products: f32, or bf16 (weights, sums and losses stay f32), which is several
  // times faster on processors with AMX and no gain on others.
  std::string arithmetic = "f32";
  // Pixels a side that the pictures are shrunk to, each entry for an equal share of the epochs. Small
  // pictures first cost less and lose nothing that later epochs do not make up for (Tan and Le 2021).
  std::vector<int> sides = {48};
  AugmentOptions augment;
  NetOptions net;
};

nlohmann::json to_json(const FitOptions& options);

}  // namespace pyro::training
