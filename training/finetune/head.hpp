// A head fitted anew on the embeddings of a network that stays as it is: multinomial logistic regression.
#pragma once

#include <torch/torch.h>

#include <cstdint>

namespace pyro::training {

struct LinearHead {
  torch::Tensor weight;  // [7, e]
  torch::Tensor bias;    // [7]
};

struct HeadData {
  torch::Tensor embeddings;  // [n, e]
  torch::Tensor targets;     // [n, 7], rows sum to 1
  torch::Tensor weights;     // [n], of each row in the loss
};

// Minimises the mean cross-entropy + pull/2 · |W − W₀|² by L-BFGS (Liu and Nocedal 1989), starting at and
// pulled towards `parent`: with little data the head stays near what it was, with much it goes where the data
// say.
LinearHead fit_head(const HeadData& data, const LinearHead& parent, double pull);

// The pull with the least cross-entropy over `folds` parts, each predicted from the others; the parts are
// drawn by seed. The same for any number of threads.
double choose_pull(const HeadData& data, const LinearHead& parent, int folds, std::uint64_t seed,
                   int threads = 1);

// Log-probabilities [n, 7].
torch::Tensor log_probabilities(const LinearHead& head, const torch::Tensor& embeddings);

}  // namespace pyro::training
