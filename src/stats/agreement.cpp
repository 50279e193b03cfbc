#include "pyro/stats/agreement.hpp"

#include <algorithm>
#include <boost/math/distributions/non_central_t.hpp>
#include <cmath>
#include <vector>

#include "pyro/stats/correlation.hpp"
#include "pyro/stats/distributions.hpp"
#include "pyro/stats/moments.hpp"

namespace pyro::stats {
namespace {

// Beyond, the two differ by about 2 % of sd and less with each pair more.
constexpr std::size_t kLargestNoncentral = 200;

// Distance of the upper limit's interval ends from the bias, in sd.
Interval limit_reach(std::size_t count) {
  const auto n = static_cast<double>(count);
  const double z = normal_quantile(kUpperEnd);
  if (count > kLargestNoncentral) {
    const double reach = t_quantile(kUpperEnd, n - 1) * std::sqrt(1 / n + z * z / (2 * (n - 1)));
    return {z - reach, z + reach};
  }
  namespace bp = boost::math::policies;
  using Quiet = bp::policy<bp::domain_error<bp::ignore_error>, bp::overflow_error<bp::ignore_error>,
                           bp::evaluation_error<bp::ignore_error>>;
  const boost::math::non_central_t_distribution<double, Quiet> t(n - 1, z * std::sqrt(n));
  return {quantile(t, 1 - kUpperEnd) / std::sqrt(n), quantile(t, kUpperEnd) / std::sqrt(n)};
}

}  // namespace

double mean_abs_diff(std::span<const double> x, std::span<const double> y) {
  std::vector<double> distances(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) distances[i] = std::abs(x[i] - y[i]);
  return mean(distances);
}

Result<BlandAltman> bland_altman(std::span<const double> x, std::span<const double> y) {
  if (x.size() != y.size()) return bad_input("x and y are not of one length");
  std::vector<double> differences(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) differences[i] = x[i] - y[i];
  if (differences.size() < 3) return bad_input("limits of agreement need at least 3 pairs");
  if (!std::ranges::all_of(differences, [](double d) { return std::isfinite(d); }))
    return bad_input("x or y holds a value that is not finite");
  if (constant(differences)) return bad_input("x - y is constant: there are no limits of agreement");
  BlandAltman out;
  out.n = x.size();
  const auto n = static_cast<double>(out.n);
  out.bias.value = mean(differences);
  out.sd = standard_deviation(differences);
  const double reach = t_quantile(kUpperEnd, n - 1) * out.sd / std::sqrt(n);
  out.bias.interval = {out.bias.value - reach, out.bias.value + reach};
  const double z = normal_quantile(kUpperEnd);
  const Interval ends = limit_reach(out.n);
  out.upper = {out.bias.value + z * out.sd,
               {out.bias.value + ends.low * out.sd, out.bias.value + ends.high * out.sd}};
  out.lower = {out.bias.value - z * out.sd,
               {out.bias.value - ends.high * out.sd, out.bias.value - ends.low * out.sd}};
  return out;
}

Result<Concordance> concordance(std::span<const double> x, std::span<const double> y) {
  if (Status good = check_pairs(x, y); !good) return tl::make_unexpected(good.error());
  const PairSums sums = pair_sums(x, y);
  const auto n = static_cast<double>(x.size());
  const double shift = sums.mean_x - sums.mean_y, spread = std::sqrt(sums.xx / n) * std::sqrt(sums.yy / n);
  Concordance out;
  out.precision = std::clamp(sums.xy / std::sqrt(sums.xx) / std::sqrt(sums.yy), -1.0, 1.0);
  out.accuracy = 2 * spread / ((sums.xx + sums.yy) / n + shift * shift);
  const double c = out.ccc.value = out.precision * out.accuracy;
  const double r = out.precision, c2 = c * c, r2 = r * r, u2 = shift * shift / spread;
  if (std::abs(c) >= 1 || r == 0 || n <= 3) {
    out.ccc.interval = std::abs(c) >= 1 ? Interval{c, c} : Interval{-1, 1};
    return out;
  }
  // Standard error of atanh(c).
  const double variance =
      ((1 - r2) * c2 / ((1 - c2) * r2) + 2 * c2 * c * (1 - c) * u2 / (r * (1 - c2) * (1 - c2)) -
       c2 * c2 * u2 * u2 / (2 * r2 * (1 - c2) * (1 - c2))) /
      (n - 2);
  out.ccc.interval = fisher_interval(c, std::sqrt(std::max(variance, 0.0)));
  return out;
}

}  // namespace pyro::stats
