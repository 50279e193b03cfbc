#include "pyro/trend/level.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "numbers.hpp"

namespace pyro::trend {
namespace {

// The filter with a noise variance of 1 and a wander variance of `ratio`: all else scales with the noise.
struct Filtered {
  std::vector<double> level, variance;  // after each time's own value
  double squares = 0;                   // of the innovations, each over its variance
  double log_variances = 0;             // of the innovations, summed
  double innovations = 0;               // how many

  [[nodiscard]] double noise() const { return squares / innovations; }
  [[nodiscard]] double log_likelihood() const {
    return -0.5 * (innovations * (std::log(2 * std::numbers::pi * noise()) + 1) + log_variances);
  }
};

// `keep`: also the states, which only the smoother needs. The first value starts the level (diffuse prior).
Filtered filter(std::span<const double> day, std::span<const double> value, double ratio, bool keep) {
  Filtered out;
  double level = 0, variance = 0;
  bool started = false;
  for (std::size_t i = 0; i < day.size(); ++i) {
    if (started && i > 0) variance += ratio * (day[i] - day[i - 1]);
    if (std::isfinite(value[i])) {
      if (!started) {
        level = value[i], variance = 1, started = true;
      } else {
        const double spread = variance + 1, surprise = value[i] - level;
        level += variance / spread * surprise;
        variance /= spread;
        out.squares += surprise * surprise / spread;
        out.log_variances += std::log(spread);
        out.innovations += 1;
      }
    }
    if (keep) out.level.push_back(level), out.variance.push_back(variance);
  }
  return out;
}

// The ratio of the two variances that makes the values most likely. The likelihood may have two tops, so a
// coarse walk comes before the golden section.
double likeliest_ratio(std::span<const double> day, std::span<const double> value) {
  const auto worth = [&](double log_ratio) {
    return filter(day, value, std::exp(log_ratio), false).log_likelihood();
  };
  constexpr double kFrom = -16, kTo = 12, kStep = 0.5;
  double best = kFrom, best_worth = worth(kFrom);
  constexpr int kSteps = static_cast<int>((kTo - kFrom) / kStep);
  for (int i = 1; i <= kSteps; ++i) {
    const double at = kFrom + i * kStep;
    if (const double found = worth(at); found > best_worth) best = at, best_worth = found;
  }
  constexpr double kGolden = 0.6180339887498949;
  double low = best - kStep, high = best + kStep;
  for (int i = 0; i < 48; ++i) {
    const double left = high - kGolden * (high - low), right = low + kGolden * (high - low);
    (worth(left) > worth(right) ? high : low) = worth(left) > worth(right) ? right : left;
  }
  best = (low + high) / 2;
  return filter(day, value, 0, false).log_likelihood() >= worth(best) ? 0 : std::exp(best);
}

}  // namespace

Result<SmoothLevel> smooth_level(std::span<const double> day, std::span<const double> value) {
  std::vector<double> known;
  std::ranges::copy_if(value, std::back_inserter(known), [](double v) { return std::isfinite(v); });
  if (known.size() < kLeastForLevel)
    return bad_input("a level with its band needs values on at least " + std::to_string(kLeastForLevel) +
                     " days; here are " + std::to_string(known.size()));
  if (stats::constant(known)) return bad_input("all values are alike, so the level has no band");
  const double ratio = likeliest_ratio(day, value);
  const Filtered forward = filter(day, value, ratio, true);
  SmoothLevel out;
  out.noise_variance = forward.noise();
  out.wander_variance = ratio * out.noise_variance;
  out.log_likelihood = forward.log_likelihood();
  out.value = forward.level;
  std::vector<double> variance = forward.variance;
  const auto first = static_cast<std::size_t>(
      std::ranges::find_if(value, [](double v) { return std::isfinite(v); }) - value.begin());
  for (std::size_t i = day.size() - 1; i-- > first;) {
    const double ahead = variance[i] + ratio * (day[i + 1] - day[i]), gain = variance[i] / ahead;
    out.value[i] += gain * (out.value[i + 1] - out.value[i]);
    variance[i] += gain * gain * (variance[i + 1] - ahead);
  }
  for (std::size_t i = first; i-- > 0;) {  // before the first value the level can only have wandered
    out.value[i] = out.value[first];
    variance[i] = variance[i + 1] + ratio * (day[i + 1] - day[i]);
  }
  for (const double v : variance) out.deviation.push_back(std::sqrt(v * out.noise_variance));
  return out;
}

}  // namespace pyro::trend
