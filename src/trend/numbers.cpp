#include "numbers.hpp"

#include <algorithm>
#include <numeric>

namespace pyro::trend {

double quantile(std::vector<double> values, double share) {
  if (values.empty()) return kNaN;
  const double at = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(below);
  std::nth_element(values.begin(), middle, values.end());
  const double rest = at - static_cast<double>(below);
  if (rest == 0) return *middle;
  return *middle + rest * (*std::min_element(middle + 1, values.end()) - *middle);
}

std::vector<double> ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> rank(values.size());
  for (std::size_t from = 0, to = 0; from < order.size(); from = to) {
    while (to < order.size() && values[order[to]] == values[order[from]]) ++to;
    for (std::size_t i = from; i < to; ++i) rank[order[i]] = static_cast<double>(from + to + 1) / 2;
  }
  return rank;
}

std::vector<double> tie_sizes(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end()), sizes;
  std::ranges::sort(sorted);
  for (auto from = sorted.begin(); from != sorted.end();) {
    const auto to = std::upper_bound(from, sorted.end(), *from);
    if (to - from > 1) sizes.push_back(static_cast<double>(to - from));
    from = to;
  }
  return sizes;
}

bool all_alike(std::span<const double> values) {
  return std::ranges::all_of(values, [&](double value) { return value == values.front(); });
}

}  // namespace pyro::trend
