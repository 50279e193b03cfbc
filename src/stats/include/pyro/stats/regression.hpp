// A straight line through pairs by least squares, with the bands that a plot needs.
#pragma once

#include <span>

#include "pyro/base/result.hpp"
#include "pyro/stats/interval.hpp"

namespace pyro::stats {

struct Line {
  std::size_t n = 0;
  Estimate slope, intercept;
  double slope_p = 1;      // against a slope of 0
  double residual_sd = 0;  // with n - 2 in the denominator
  double mean_x = 0, sum_xx = 0;

  [[nodiscard]] double at(double x) const { return intercept.value + slope.value * x; }
  // Where the line lies at x, and where one more y would fall.
  [[nodiscard]] Interval mean_at(double x) const;
  [[nodiscard]] Interval next_at(double x) const;
};

// y on x. Errors: as correlation.hpp says, but y may be constant.
[[nodiscard]] Result<Line> fit_line(std::span<const double> x, std::span<const double> y);

}  // namespace pyro::stats
