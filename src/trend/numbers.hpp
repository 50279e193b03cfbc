// Small statistics that the parts of this room share.
#pragma once

#include <cmath>
#include <limits>
#include <numbers>
#include <span>
#include <vector>

namespace pyro::trend {

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
inline constexpr double kZ95 = 1.959963984540054;  // the normal distribution's 97.5 %

// Between neighbours linearly (type 7 of Hyndman and Fan 1996); NaN of nothing.
[[nodiscard]] double quantile(std::vector<double> values, double share);
[[nodiscard]] inline double median(std::vector<double> values) {
  return quantile(std::move(values), 0.5);
}
// 1-based; ties share the mean of their ranks.
[[nodiscard]] std::vector<double> ranks(std::span<const double> values);
// How often each value that comes more than once comes.
[[nodiscard]] std::vector<double> tie_sizes(std::span<const double> values);
[[nodiscard]] bool all_alike(std::span<const double> values);
// Both tails of the normal distribution.
[[nodiscard]] inline double two_sided_p(double z) {
  return std::erfc(std::abs(z) / std::numbers::sqrt2);
}

}  // namespace pyro::trend
