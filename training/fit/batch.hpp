// One step's pictures and targets, and the loss.
#pragma once

#include <torch/torch.h>

#include <span>
#include <vector>

#include "datasets/augment.hpp"
#include "datasets/fer2013.hpp"
#include "fit/options.hpp"

namespace pyro::training {

// Rows of 0 in a target: this picture has none of that kind, and weighs nothing there.
struct Targets {
  torch::Tensor fer2013;         // [n, 7]
  torch::Tensor product;         // [n, 7]
  torch::Tensor taught_fer2013;  // [n, 7], what the teacher says
  torch::Tensor taught_product;  // [n, 7]
  torch::Tensor weight;          // [n]
};

struct Batch {
  torch::Tensor images;  // [n, 1, 48, 48], normalised
  Targets targets;
};

// How much each class weighs: all 1 for balance "none"; otherwise by the square root of its rarity, which is
// between ignoring the rare and believing a few pictures too much; mean 1 over the samples.
Distribution class_weights(const std::vector<Sample>& samples, const std::string& balance);

// The order of an epoch: shuffled, or for balance "sampling" drawn with replacement by class weight.
std::vector<std::size_t> epoch_order(const std::vector<Sample>& samples, const FitOptions& options,
                                     int epoch);

// Pictures samples[order[i]], each augmented by its own seed of (seed, epoch, sample). `classes` multiplies
// the samples' own weights.
Batch make_batch(const std::vector<Sample>& samples, std::span<const std::size_t> order,
                 const AugmentOptions& augment, const Distribution& classes, std::uint64_t seed, int epoch);

// Blends the batch with itself in reverse order; `share` of the first picture.
Batch mixed_up(const Batch& batch, double share);

// Puts the rectangle [top, bottom) × [left, right) of the batch in reverse order into the batch.
struct Rectangle {
  int top, left, bottom, right;
};
Batch cut_mixed(const Batch& batch, const Rectangle& rectangle);

// The pictures `side` pixels a side instead of 48.
Batch shrunk(const Batch& batch, int side);

// Cross-entropy of both heads against soft targets and against the teacher.
struct Losses {
  torch::Tensor fer2013;
  torch::Tensor product;
};
Losses losses_of(const torch::Tensor& fer2013_logits, const torch::Tensor& product_logits,
                 const Targets& targets, const FitOptions& options);

}  // namespace pyro::training
