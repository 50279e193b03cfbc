#include "map/knn.hpp"

#include <algorithm>

#include "map/product.hpp"

namespace pyro::training {
namespace {

constexpr int64_t kBlock = 512;  // queries at once: 512 × 30,000 distances are 61 MB

Neighbours search(const torch::Tensor& queries, const torch::Tensor& points, int64_t k, bool themselves) {
  const torch::NoGradGuard no_grad;
  // Around their mean, |x|² + |y|² - 2xy loses less to rounding.
  const torch::Tensor middle = points.mean(0, true);
  const torch::Tensor stored = (points - middle).contiguous();
  const torch::Tensor squares = stored.square().sum(1);
  Neighbours found{static_cast<std::size_t>(k), {}, {}};
  for (int64_t from = 0; from < queries.size(0); from += kBlock) {
    const int64_t to = std::min(from + kBlock, queries.size(0));
    const torch::Tensor block = queries.slice(0, from, to) - middle;
    torch::Tensor distances = linear(block * -2, stored, squares);
    if (!themselves) {
      for (int64_t i = from; i < to; ++i) {
        distances[i - from][i] = std::numeric_limits<float>::infinity();
      }
    }
    const torch::Tensor index = std::get<1>(distances.topk(k, 1, false, true));
    // The few that are taken are measured again, without that loss, and put in their order.
    const torch::Tensor exact =
        (stored.index_select(0, index.flatten()).view({to - from, k, -1}) - block.unsqueeze(1))
            .square()
            .sum(2)
            .sqrt();
    const auto [sorted, order] = exact.sort(1);
    const torch::Tensor sorted_index = index.gather(1, order).to(torch::kInt).contiguous();
    const torch::Tensor sorted_distance = sorted.contiguous();
    const auto* indices = sorted_index.data_ptr<int>();
    const auto* values = sorted_distance.data_ptr<float>();
    found.index.insert(found.index.end(), indices, indices + sorted_index.numel());
    found.distance.insert(found.distance.end(), values, values + sorted_distance.numel());
  }
  return found;
}

}  // namespace

Neighbours nearest(const torch::Tensor& queries, const torch::Tensor& points, int64_t k) {
  return search(queries, points, k, true);
}

Neighbours nearest_others(const torch::Tensor& points, int64_t k) {
  return search(points, points, k, false);
}

}  // namespace pyro::training
