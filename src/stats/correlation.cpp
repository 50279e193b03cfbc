#include "pyro/stats/correlation.hpp"

#include <algorithm>
#include <cmath>

#include "pyro/stats/distributions.hpp"
#include "pyro/stats/moments.hpp"

namespace pyro::stats {
namespace {

Correlation correlation_of(std::span<const double> x, std::span<const double> y) {
  const PairSums sums = pair_sums(x, y);
  Correlation out;
  out.n = x.size();
  out.r = std::clamp(sums.xy / std::sqrt(sums.xx) / std::sqrt(sums.yy), -1.0, 1.0);
  out.p = correlation_p(out.r, static_cast<double>(out.n) - 2);
  return out;
}

}  // namespace

Status check_pairs(std::span<const double> x, std::span<const double> y) {
  if (x.size() != y.size()) return bad_input("x and y are not of one length");
  if (x.size() < 3)
    return bad_input("there are " + std::to_string(x.size()) + " pairs; a correlation needs at least 3");
  for (const auto& [side, name] : {std::pair{x, "x"}, std::pair{y, "y"}}) {
    if (!std::ranges::all_of(side, [](double value) { return std::isfinite(value); }))
      return bad_input(std::string(name) + " holds a value that is not finite");
    if (constant(side)) return bad_input(std::string(name) + " is constant: a correlation is undefined");
  }
  return {};
}

Interval fisher_interval(double r, double standard_error) {
  if (std::abs(r) >= 1) return {r, r};
  if (!std::isfinite(standard_error)) return {-1, 1};
  const double z = std::atanh(r), reach = normal_quantile(kUpperEnd) * standard_error;
  return {std::tanh(z - reach), std::tanh(z + reach)};
}

double correlation_p(double r, double df) {
  return t_two_sided_p(r * std::sqrt(df / ((1 - r) * (1 + r))), df);
}

Result<Correlation> pearson(std::span<const double> x, std::span<const double> y) {
  if (Status good = check_pairs(x, y); !good) return tl::make_unexpected(good.error());
  Correlation out = correlation_of(x, y);
  out.interval = fisher_interval(out.r, 1 / std::sqrt(static_cast<double>(out.n) - 3));
  return out;
}

Result<Correlation> spearman(std::span<const double> x, std::span<const double> y) {
  if (Status good = check_pairs(x, y); !good) return tl::make_unexpected(good.error());
  Correlation out = correlation_of(ranks(x), ranks(y));
  out.interval =
      fisher_interval(out.r, std::sqrt((1 + out.r * out.r / 2) / (static_cast<double>(out.n) - 3)));
  return out;
}

}  // namespace pyro::stats
