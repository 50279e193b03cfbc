#pragma once

namespace pyro::stats {

// All intervals of this room are two-sided and hold 95 %.
inline constexpr double kConfidence = 0.95;
// Where the upper end lies: a quantile of 0.975.
inline constexpr double kUpperEnd = (1 + kConfidence) / 2;

struct Interval {
  double low = 0;
  double high = 0;
};

// A figure with its interval.
struct Estimate {
  double value = 0;
  Interval interval = {};
};

}  // namespace pyro::stats
