// Mean, spread, quantiles, ranks. NaN of nothing (spread: of fewer than two values).
#pragma once

#include <span>
#include <vector>

namespace pyro::stats {

[[nodiscard]] double mean(std::span<const double> values);
// With n - 1 in the denominator.
[[nodiscard]] double variance(std::span<const double> values);
[[nodiscard]] double standard_deviation(std::span<const double> values);

// Linear between order statistics (type 7 of Hyndman & Fan 1996, NumPy's default); `share` in 0..1. The
// values need not be sorted.
[[nodiscard]] double quantile(std::span<const double> values, double share);
[[nodiscard]] double median(std::span<const double> values);

// 1-based ranks in the order of the values; equal values share the mean of their ranks.
[[nodiscard]] std::vector<double> ranks(std::span<const double> values);

// Whether all values are the same (also of nothing): correlations are undefined then.
[[nodiscard]] bool constant(std::span<const double> values);

// Sums over pairs around their means; by two passes, so large means cost no digits.
struct PairSums {
  double mean_x = 0, mean_y = 0;
  double xx = 0, yy = 0, xy = 0;  // of squares and products of the distances from the means
};
// Precondition: x and y are of one length, not empty.
[[nodiscard]] PairSums pair_sums(std::span<const double> x, std::span<const double> y);

}  // namespace pyro::stats
