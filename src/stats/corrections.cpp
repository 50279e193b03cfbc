#include "pyro/stats/corrections.hpp"

#include <algorithm>
#include <cmath>

namespace pyro::stats {
namespace {

// Places of the finite values, smallest first.
std::vector<std::size_t> rising(std::span<const double> p) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (std::isfinite(p[i])) order.push_back(i);
  }
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return p[i]; });
  return order;
}

}  // namespace

std::vector<double> holm(std::span<const double> p) {
  std::vector<double> out(p.begin(), p.end());
  const std::vector<std::size_t> order = rising(p);
  double largest = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    largest = std::max(largest, static_cast<double>(order.size() - i) * p[order[i]]);
    out[order[i]] = std::min(1.0, largest);
  }
  return out;
}

std::vector<double> benjamini_hochberg(std::span<const double> p) {
  std::vector<double> out(p.begin(), p.end());
  const std::vector<std::size_t> order = rising(p);
  double smallest = 1;
  for (std::size_t i = order.size(); i-- > 0;) {
    smallest =
        std::min(smallest, static_cast<double>(order.size()) * p[order[i]] / static_cast<double>(i + 1));
    out[order[i]] = smallest;
  }
  return out;
}

}  // namespace pyro::stats
