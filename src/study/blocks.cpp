#include "pyro/study/blocks.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace pyro::study {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

double autocorrelation_time(std::span<const double> values) {
  const std::size_t n = values.size();
  if (n < 4) return 1;
  const double mean = mean_of(values);
  const auto at_lag = [&](std::size_t lag) {
    double sum = 0;
    for (std::size_t i = 0; i + lag < n; ++i) sum += (values[i] - mean) * (values[i + lag] - mean);
    return sum;
  };
  const double variance = at_lag(0);
  if (!(variance > 0)) return 1;
  double sum = 0;
  const std::size_t most = std::min<std::size_t>(n / 3, 300);
  for (std::size_t lag = 0; lag + 1 <= most; lag += 2) {
    const double pair = (at_lag(lag) + at_lag(lag + 1)) / variance;
    if (pair <= 0) break;
    sum += pair;
  }
  return std::max(1.0, 2 * sum - 1);
}

Difference difference(std::span<const double> values, std::span<const signed char> inside,
                      std::uint64_t seed) {
  std::vector<double> x;
  std::vector<signed char> in;
  std::array<double, 2> sum{};
  Difference out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (inside[i] < 0 || std::isnan(values[i])) continue;
    x.push_back(values[i]);
    in.push_back(inside[i]);
    sum[inside[i] > 0 ? 1 : 0] += values[i];
    ++(inside[i] > 0 ? out.inside : out.outside);
  }
  const auto n_in = static_cast<double>(out.inside), n_out = static_cast<double>(out.outside);
  out.mean_inside = out.inside > 0 ? sum[1] / n_in : kNaN;
  out.mean_outside = out.outside > 0 ? sum[0] / n_out : kNaN;
  out.effect = out.low = out.high = out.z = kNaN;
  if (out.inside == 0 || out.outside == 0) return out;
  double squares = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] -= in[i] > 0 ? out.mean_inside : out.mean_outside;
    squares += x[i] * x[i];
  }
  const double time = autocorrelation_time(x);
  out.independent = n_in / time;
  if (std::min(n_in, n_out) / time < kLeastIndependent || !(squares > 0)) return out;

  const double deviation = std::sqrt(squares / (n_in + n_out - 2));
  out.effect = (out.mean_inside - out.mean_outside) / deviation;
  std::mt19937_64 random{seed};
  const std::size_t n = x.size();
  const auto block = std::min<std::size_t>(n, static_cast<std::size_t>(std::ceil(2 * time)));
  std::vector<double> effects(kBlockResamples);
  for (double& effect : effects) {
    double drawn_in = 0, drawn_out = 0;
    for (std::size_t to = 0; to < n;) {
      std::size_t from = random() % n;
      for (std::size_t k = 0; k < block && to < n; ++k, ++to) {
        (in[to] > 0 ? drawn_in : drawn_out) += x[from];
        from = from + 1 == n ? 0 : from + 1;
      }
    }
    effect = (drawn_in / n_in - drawn_out / n_out) / deviation;
  }
  const double error = std::sqrt(std::inner_product(effects.begin(), effects.end(), effects.begin(), 0.0) /
                                 static_cast<double>(effects.size()));
  std::ranges::sort(effects);
  // The basic interval: what the draws are off, the observed effect may be off the other way.
  out.low = out.effect - effects[static_cast<std::size_t>(0.975 * (kBlockResamples - 1))];
  out.high = out.effect - effects[static_cast<std::size_t>(0.025 * (kBlockResamples - 1))];
  out.z = out.effect / error;
  out.verdict = out.low > 0 ? Verdict::higher : out.high < 0 ? Verdict::lower : Verdict::unclear;
  return out;
}

double stand_out_z(std::size_t tests) {
  // The normal quantile by bisection of erfc: the tail is small and needed to a few digits only.
  const double tail = 0.05 / static_cast<double>(std::max<std::size_t>(tests, 1));
  double low = 0, high = 10;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (std::erfc(middle / std::sqrt(2.0)) > tail ? low : high) = middle;
  }
  return low;
}

}  // namespace pyro::study
