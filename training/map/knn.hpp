// Exact nearest neighbours by blocks of matrix products.
#pragma once

#include <torch/torch.h>

#include "map/fuzzy_set.hpp"

namespace pyro::training {

// The k nearest rows of `points` [n, e] for each row of `queries` [m, e], Euclidean. 1 <= k <= n.
[[nodiscard]] Neighbours nearest(const torch::Tensor& queries, const torch::Tensor& points, int64_t k);

// The same of each point among the others, without itself. 1 <= k < n.
[[nodiscard]] Neighbours nearest_others(const torch::Tensor& points, int64_t k);

}  // namespace pyro::training
