// One step's pictures and targets.
#pragma once

#include <torch/torch.h>

#include <span>
#include <vector>

#include "datasets/augment.hpp"
#include "datasets/fer2013.hpp"

namespace pyro::training {

struct Batch {
  torch::Tensor images;   // [n, 1, 48, 48], normalised
  torch::Tensor fer2013;  // [n, 7], rows sum to 1
  torch::Tensor product;  // [n, 7], rows sum to 1, or 0 where the picture has no votes
};

// Pictures samples[order[i]], each augmented by its own seed of (seed, epoch, sample).
Batch make_batch(const std::vector<Sample>& samples, std::span<const std::size_t> order,
                 const AugmentOptions& augment, std::uint64_t seed, int epoch);

// Blends the batch with itself in reverse order; `share` of the first picture.
Batch mixed_up(const Batch& batch, double share);

// Cross-entropy of both heads against soft targets, summed; pictures without votes weigh nothing in the
// product part.
struct Losses {
  torch::Tensor fer2013;
  torch::Tensor product;
};
Losses losses_of(const torch::Tensor& fer2013_logits, const torch::Tensor& product_logits, const Batch& batch,
                 double label_smoothing);

}  // namespace pyro::training
