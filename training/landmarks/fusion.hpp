// How the network's and the landmark branch's probabilities of one face are put together.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "datasets/fer2013.hpp"

namespace pyro::training {

// fused ∝ exp(network · log p + branch · log q): a softmax that is linear in the logarithms, with one weight
// for each part. (Weights and offsets of each class, 21 numbers, were below the network alone on the
// hold-out: docs/experiments.md.) Neither part may have learnt from the pictures on which these are fitted:
// on pictures that a network has seen it is surer than it ever will be again.
struct Fusion {
  double network = 1, branch = 0;
};
nlohmann::json to_json(const Fusion& fusion);

struct Pair {
  Distribution network{}, branch{};
  int label = 0;
};

[[nodiscard]] Distribution fused(const Fusion& fusion, const Distribution& network,
                                 const Distribution& branch);

// Least mean log loss plus `pull` · the squared distance from network 1, branch 0, bias 0 (which is the
// network alone), by gradient descent with a step that is halved until the loss falls. Deterministic. Without
// pairs: the network alone.
[[nodiscard]] Fusion fit_fusion(const std::vector<Pair>& pairs, double pull = 0.003);

}  // namespace pyro::training
