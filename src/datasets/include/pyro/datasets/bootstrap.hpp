// Intervals by resampling, without torch.
#pragma once

#include <span>
#include <vector>

#include "pyro/datasets/metrics.hpp"

namespace pyro::datasets {

inline constexpr int kResamples = 2000;

// The 2.5th and 97.5th percentile (Efron 1979) of what the resamples gave. Values that are not finite (a
// class that a resample does not hold) are left out; NaN at both ends where nothing is left.
[[nodiscard]] Interval percentile_interval(std::vector<double> resampled);

// 95 % bootstrap interval of the mean over pictures; NaN of nothing.
[[nodiscard]] Interval mean_interval(std::span<const double> values, std::uint64_t seed,
                                     int resamples = kResamples);

}  // namespace pyro::datasets
