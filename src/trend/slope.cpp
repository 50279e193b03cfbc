#include "pyro/trend/slope.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "numbers.hpp"

namespace pyro::trend {
namespace {

double step_of(std::span<const double> day) {
  std::vector<double> distances;
  for (std::size_t i = 1; i < day.size(); ++i) distances.push_back(day[i] - day[i - 1]);
  return median(distances);
}

// Autocorrelations at 1, 2, ... steps of the ranks of what the line leaves; NaN where no two values are so
// far apart.
std::vector<double> autocorrelations(std::span<const double> day, std::span<const double> value,
                                     double slope) {
  const std::size_t n = value.size();
  const double count = static_cast<double>(n), step = step_of(day);
  std::vector<double> rest(n);
  for (std::size_t i = 0; i < n; ++i) rest[i] = value[i] - slope * day[i];
  rest = ranks(rest);
  double variance = 0;
  for (double& rank : rest) {
    rank -= (count + 1) / 2;
    variance += rank * rank / count;
  }
  if (!(variance > 0)) return {};
  // The place of each value when counted in steps; two values may share one.
  std::multimap<long long, double> by_place;
  for (std::size_t i = 0; i < n; ++i) by_place.emplace(std::llround((day[i] - day[0]) / step), rest[i]);
  std::vector<double> out(std::min(static_cast<std::size_t>(10 * std::log10(count)), n - 1), kNaN);
  for (std::size_t lag = 1; lag <= out.size(); ++lag) {
    double products = 0, pairs = 0;
    for (const auto& [place, rank] : by_place) {
      const auto [from, to] = by_place.equal_range(place + static_cast<long long>(lag));
      for (auto other = from; other != to; ++other) {
        products += rank * other->second;
        pairs += 1;
      }
    }
    if (pairs > 0) out[lag - 1] = products / pairs * (1 - static_cast<double>(lag) / count) / variance;
  }
  return out;
}

// How much more the sum of signs varies than for independent days, of autocorrelations that count (Hamed and
// Rao 1998, equation 15).
template <typename CorrelationAt>
double variance_factor(double count, std::size_t lags, const CorrelationAt& correlation) {
  double sum = 0;
  for (std::size_t lag = 1; lag <= lags; ++lag) {
    const double left = count - static_cast<double>(lag);
    sum += left * (left - 1) * (left - 2) * correlation(lag);
  }
  return 1 + 2 / (count * (count - 1) * (count - 2)) * sum;
}

void allow_for_likeness(std::span<const double> day, std::span<const double> value, Slope& found) {
  const std::vector<double> correlation = autocorrelations(day, value, found.per_day);
  if (correlation.empty()) return;
  const double count = static_cast<double>(value.size()), least = kZ95 / std::sqrt(count);
  found.hamed_rao = variance_factor(count, correlation.size(), [&](std::size_t lag) {
    const double r = correlation[lag - 1];
    return std::abs(r) > least ? r : 0;  // also 0 for NaN
  });
  found.variance_factor = std::max(1.0, found.hamed_rao);
  if (!(correlation[0] > least)) return;
  const double lag1 = std::min(0.95, correlation[0] + (1 + 4 * correlation[0]) / count);
  found.variance_factor =
      std::max(found.variance_factor, variance_factor(count, value.size() - 1, [&](std::size_t lag) {
                 return std::pow(lag1, static_cast<double>(lag));
               }));
}

double sign_test_p(double signs, double variance) {
  if (signs == 0) return 1;
  return two_sided_p((std::abs(signs) - 1) / std::sqrt(variance));
}

}  // namespace

Result<Slope> robust_slope(std::span<const double> day, std::span<const double> value) {
  const std::size_t n = value.size();
  if (n < kLeastForSlope)
    return bad_input("a trend needs values on at least " + std::to_string(kLeastForSlope) +
                     " days; here are " + std::to_string(n));
  if (n > kMostForSlope)
    return bad_input("a trend over more than " + std::to_string(kMostForSlope) +
                     " days is not computed; here are " + std::to_string(n));
  if (stats::constant(value))
    return bad_input("all values are alike, so there is nothing that could have a trend");
  std::vector<double> slopes;
  slopes.reserve(n * (n - 1) / 2);
  double signs = 0;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j) {
      const double rise = value[j] - value[i];
      slopes.push_back(rise / (day[j] - day[i]));
      signs += rise > 0 ? 1 : rise < 0 ? -1 : 0;
    }
  }
  std::ranges::sort(slopes);
  const std::size_t pairs = slopes.size();
  Slope found;
  found.per_day = pairs % 2 == 1 ? slopes[pairs / 2] : (slopes[pairs / 2 - 1] + slopes[pairs / 2]) / 2;
  allow_for_likeness(day, value, found);

  const auto part = [](double count) { return count * (count - 1) * (2 * count + 5) / 18; };
  double variance = part(static_cast<double>(n));
  for (const double ties : tie_sizes(value)) variance -= part(ties);
  found.p_independent = sign_test_p(signs, variance);
  variance *= found.variance_factor;
  found.p = sign_test_p(signs, variance);
  const double wide = kZ95 * std::sqrt(variance), all = static_cast<double>(pairs);
  const auto at = [&](double place) {
    return slopes[static_cast<std::size_t>(std::clamp(std::nearbyint(place), 0.0, all - 1))];
  };
  found.low = at(std::nearbyint((all - wide) / 2) - 1);
  found.high = at((all + wide) / 2);
  const double middle_day = median(day), middle = median(value);
  found.at_start = middle + found.per_day * (day[0] - middle_day);
  return found;
}

}  // namespace pyro::trend
