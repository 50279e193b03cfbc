// The straight trend of a series that single odd days do not bend, with an interval and a test that allow for
// days being like the days before them.
#pragma once

#include <span>

#include "pyro/base/result.hpp"

namespace pyro::trend {

struct Slope {
  double per_day = 0;          // Theil 1950, Sen 1968: the median slope of all pairs
  double low = 0, high = 0;    // 95 % after Sen 1968, its variance times variance_factor
  double at_start = 0;         // of the line, at the first day: it passes through the medians
  double p = 1;                // Mann-Kendall with the variance times variance_factor
  double p_independent = 1;    // the same as if every day stood alone
  double variance_factor = 1;  // how much more the test's sum varies than for independent days
  double hamed_rao = 1;        // that factor as Hamed and Rao 1998 have it
};

inline constexpr std::size_t kLeastForSlope = 3, kMostForSlope = 5000;

// `day`: ascending, no two alike; `value` of the same length, finite. Hamed and Rao's factor comes from the
// ranks of what the line leaves: of their autocorrelations at up to 10 log10 n steps those that are
// significant (5 %) count. A step is the usual distance of two values, so a gap does not make strangers
// neighbours. Estimated autocorrelations are too small in short series, so where that of one step is
// significant, the factor is at least the one of a process in which each step keeps r + (1 + 4r)/n of the
// last (Tjøstheim and Paulsen 1983). It is never below 1, which would make us surer than independent days do.
// Errors (bad_input): fewer than kLeastForSlope or more than kMostForSlope values; all values alike.
[[nodiscard]] Result<Slope> robust_slope(std::span<const double> day, std::span<const double> value);

}  // namespace pyro::trend
