#include "pyro/datasets/bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "pyro/datasets/random.hpp"

namespace pyro::datasets {

Interval percentile_interval(std::vector<double> resampled) {
  std::erase_if(resampled, [](double value) { return !std::isfinite(value); });
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  if (resampled.empty()) return {kNaN, kNaN};
  std::ranges::sort(resampled);
  const auto at = [&](double share) {
    return resampled[static_cast<std::size_t>(share * static_cast<double>(resampled.size() - 1))];
  };
  return {at(0.025), at(0.975)};
}

Interval mean_interval(std::span<const double> values, std::uint64_t seed, int resamples) {
  if (values.empty()) return percentile_interval({});
  Random random(seed);
  std::vector<double> means(static_cast<std::size_t>(resamples));
  for (double& mean : means) {
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) sum += values[random.below(values.size())];
    mean = sum / static_cast<double>(values.size());
  }
  return percentile_interval(std::move(means));
}

}  // namespace pyro::datasets
