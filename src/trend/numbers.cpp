#include "numbers.hpp"

#include <algorithm>

namespace pyro::trend {

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

}  // namespace pyro::trend
