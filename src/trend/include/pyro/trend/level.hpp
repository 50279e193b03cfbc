// Where somebody stands on each day: the days' values are a level that wanders, plus noise (local-level
// model; Harvey 1989, Durbin and Koopman 2012, chapter 2).
#pragma once

#include <span>
#include <vector>

#include "pyro/base/result.hpp"

namespace pyro::trend {

struct SmoothLevel {
  std::vector<double> value;      // for each time; also where no value was
  std::vector<double> deviation;  // of each; value +- 1.96 deviation is the pointwise 95 % band
  double noise_variance = 0;      // of a day around the level
  double wander_variance = 0;     // of the level's change in a day; 0: it does not move
  double log_likelihood = 0;      // given the first value
};

inline constexpr std::size_t kLeastForLevel = 8;

// Kalman filter with a diffuse start and the fixed-interval smoother. Both variances by maximum likelihood;
// the band knows nothing of their own uncertainty. `day`: ascending, any distances; `value`: of the same
// length, NaN where there is none (a band is wider there). Errors (bad_input): fewer than kLeastForLevel
// values; all alike.
[[nodiscard]] Result<SmoothLevel> smooth_level(std::span<const double> day, std::span<const double> value);

}  // namespace pyro::trend
