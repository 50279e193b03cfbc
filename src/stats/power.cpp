#include "pyro/stats/power.hpp"

#include <cmath>
#include <limits>

#include "pyro/stats/correlation.hpp"
#include "pyro/stats/distributions.hpp"

namespace pyro::stats {
namespace {

constexpr std::int64_t kMostPairs = 1'000'000'000;

// The least n from 4 on for which `enough` holds, which once true must stay true.
template <typename Enough>
std::int64_t least_pairs(Enough enough) {
  if (!enough(kMostPairs)) return 0;
  std::int64_t low = 3, high = kMostPairs;
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (enough(middle) ? high : low) = middle;
  }
  return high;
}

}  // namespace

double correlation_power(double r, std::int64_t n, double alpha) {
  if (n < 4 || !(std::abs(r) < 1)) return std::numeric_limits<double>::quiet_NaN();
  const auto count = static_cast<double>(n);
  const double t = t_quantile(1 - alpha / 2, count - 2);
  const double critical = std::atanh(std::sqrt(t * t / (t * t + count - 2)));
  const double z = std::atanh(std::abs(r)) + std::abs(r) / (2 * (count - 1)), scale = std::sqrt(count - 3);
  return normal_cdf((z - critical) * scale) + normal_cdf((-z - critical) * scale);
}

std::int64_t pairs_for_power(double r, double power, double alpha) {
  return least_pairs([&](std::int64_t n) { return correlation_power(r, n, alpha) >= power; });
}

std::int64_t pairs_for_width(double r, double width) {
  return least_pairs([&](std::int64_t n) {
    const Interval interval = fisher_interval(r, 1 / std::sqrt(static_cast<double>(n) - 3));
    return interval.high - interval.low <= width;
  });
}

double detectable_correlation(std::int64_t n, double power, double alpha) {
  if (n < 4) return std::numeric_limits<double>::quiet_NaN();
  double low = 0, high = 1;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (correlation_power(middle, n, alpha) >= power ? high : low) = middle;
  }
  return high;
}

}  // namespace pyro::stats
