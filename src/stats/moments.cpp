#include "pyro/stats/moments.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace pyro::stats {

double mean(std::span<const double> values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double variance(std::span<const double> values) {
  if (values.size() < 2) return std::numeric_limits<double>::quiet_NaN();
  const double middle = mean(values);
  double sum = 0;
  for (const double value : values) sum += (value - middle) * (value - middle);
  return sum / static_cast<double>(values.size() - 1);
}

double standard_deviation(std::span<const double> values) {
  return std::sqrt(variance(values));
}

double quantile(std::span<const double> values, double share) {
  if (values.empty() || !(share >= 0 && share <= 1)) return std::numeric_limits<double>::quiet_NaN();
  std::vector<double> copy(values.begin(), values.end());
  const double at = share * static_cast<double>(copy.size() - 1), below = std::floor(at);
  const auto middle = copy.begin() + static_cast<std::ptrdiff_t>(below);
  std::nth_element(copy.begin(), middle, copy.end());
  if (at == below) return *middle;
  return std::lerp(*middle, *std::min_element(middle + 1, copy.end()), at - below);
}

double median(std::span<const double> values) {
  return quantile(values, 0.5);
}

std::vector<double> ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
  std::vector<double> out(values.size());
  for (std::size_t from = 0; from < order.size();) {
    std::size_t to = from + 1;
    while (to < order.size() && values[order[to]] == values[order[from]]) ++to;
    const double shared = static_cast<double>(from + 1 + to) / 2;
    for (std::size_t i = from; i < to; ++i) out[order[i]] = shared;
    from = to;
  }
  return out;
}

bool constant(std::span<const double> values) {
  return std::ranges::all_of(values, [&](double value) { return value == values.front(); });
}

PairSums pair_sums(std::span<const double> x, std::span<const double> y) {
  PairSums sums{mean(x), mean(y)};
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double dx = x[i] - sums.mean_x, dy = y[i] - sums.mean_y;
    sums.xx += dx * dx;
    sums.yy += dy * dy;
    sums.xy += dx * dy;
  }
  return sums;
}

}  // namespace pyro::stats
