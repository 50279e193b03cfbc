#include "pyro/stats/regression.hpp"

#include <algorithm>
#include <cmath>

#include "pyro/stats/correlation.hpp"
#include "pyro/stats/distributions.hpp"
#include "pyro/stats/moments.hpp"

namespace pyro::stats {
namespace {

double t_reach(std::size_t n) {
  return t_quantile(kUpperEnd, static_cast<double>(n) - 2);
}

Interval around(double middle, double reach) {
  return {middle - reach, middle + reach};
}

}  // namespace

Interval Line::mean_at(double x) const {
  const double share = 1 / static_cast<double>(n) + (x - mean_x) * (x - mean_x) / sum_xx;
  return around(at(x), t_reach(n) * residual_sd * std::sqrt(share));
}

Interval Line::next_at(double x) const {
  const double share = 1 + 1 / static_cast<double>(n) + (x - mean_x) * (x - mean_x) / sum_xx;
  return around(at(x), t_reach(n) * residual_sd * std::sqrt(share));
}

Result<Line> fit_line(std::span<const double> x, std::span<const double> y) {
  const Status good = check_pairs(x, y);
  const bool flat = !y.empty() && constant(y);
  if (!good && (!flat || !check_pairs(x, x) || x.size() != y.size() || !std::isfinite(y.front())))
    return tl::make_unexpected(good.error());
  const PairSums sums = pair_sums(x, y);
  Line line;
  line.n = x.size();
  const auto n = static_cast<double>(line.n);
  line.mean_x = sums.mean_x;
  line.sum_xx = sums.xx;
  line.slope.value = sums.xy / sums.xx;
  line.intercept.value = sums.mean_y - line.slope.value * sums.mean_x;
  double squares = 0;
  for (std::size_t i = 0; i < x.size(); ++i) squares += (y[i] - line.at(x[i])) * (y[i] - line.at(x[i]));
  line.residual_sd = std::sqrt(squares / (n - 2));
  const double slope_error = line.residual_sd / std::sqrt(sums.xx);
  line.slope.interval = around(line.slope.value, t_reach(line.n) * slope_error);
  line.slope_p = flat ? 1 : t_two_sided_p(line.slope.value / slope_error, n - 2);
  line.intercept.interval = line.mean_at(0);
  return line;
}

}  // namespace pyro::stats
