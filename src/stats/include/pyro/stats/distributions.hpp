// Probabilities and quantiles of the usual distributions, as plain functions of numbers. Parameters outside
// their range (degrees of freedom at or below 0, a probability outside 0..1) give NaN.
#pragma once

namespace pyro::stats {

[[nodiscard]] double normal_cdf(double z);
[[nodiscard]] double normal_quantile(double p);

[[nodiscard]] double t_cdf(double t, double df);
[[nodiscard]] double t_quantile(double p, double df);
// P(|T| >= |t|).
[[nodiscard]] double t_two_sided_p(double t, double df);

// P(F >= f).
[[nodiscard]] double f_upper(double f, double df1, double df2);
[[nodiscard]] double f_quantile(double p, double df1, double df2);

// P(X >= x).
[[nodiscard]] double chi_squared_upper(double x, double df);

[[nodiscard]] double beta_cdf(double x, double a, double b);
[[nodiscard]] double beta_quantile(double p, double a, double b);

}  // namespace pyro::stats
