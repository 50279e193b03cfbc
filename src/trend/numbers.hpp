// Small statistics that the parts of this room share.
#pragma once

#include <cmath>
#include <limits>
#include <numbers>
#include <span>
#include <vector>

#include "pyro/stats/moments.hpp"

namespace pyro::trend {

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
inline constexpr double kZ95 = 1.959963984540054;  // the normal distribution's 97.5 %

using stats::median;
using stats::quantile;
using stats::ranks;
// How often each value that comes more than once comes.
[[nodiscard]] std::vector<double> tie_sizes(std::span<const double> values);
// Both tails of the normal distribution.
[[nodiscard]] inline double two_sided_p(double z) {
  return std::erfc(std::abs(z) / std::numbers::sqrt2);
}

}  // namespace pyro::trend
