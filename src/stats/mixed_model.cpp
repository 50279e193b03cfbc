#include <algorithm>
#include <array>
#include <boost/math/tools/minima.hpp>
#include <cmath>
#include <limits>
#include <numeric>

#include "by_person.hpp"
#include "pyro/stats/distributions.hpp"
#include "pyro/stats/moments.hpp"
#include "pyro/stats/repeated.hpp"

namespace pyro::stats {
namespace {

// The model's three columns are orthogonal between "within" and the other two: distances from persons' means
// sum to nothing in each person, and a person's random intercept moves all of his values alike. So the slope
// within is plain least squares, and only intercept and slope between depend on the ratio of variances, as a
// regression over persons' means with weights.
struct Sums {
  double n = 0, persons = 0;
  double within_xx = 0, within_xy = 0, within_yy = 0;
  std::vector<double> count, x, y;  // of each person: sessions, mean of x from the mean of those, mean of y
};

// Fit over persons' means where a person's intercept varies `ratio` times as much as a session's residue.
struct Fit {
  double intercept = 0, slope = 0;
  double weight = 0, weight_x = 0, weight_xx = 0;  // sums over persons
  double squares = 0;                              // of all residues, in units of a session's
  double criterion = 0;                            // -2 log restricted likelihood, but for a constant
};

Fit fit_at(double ratio, const Sums& sums) {
  Fit fit;
  double weight_y = 0, weight_xy = 0, log_determinant = 0;
  for (std::size_t i = 0; i < sums.count.size(); ++i) {
    const double weight = sums.count[i] / (1 + ratio * sums.count[i]);
    fit.weight += weight;
    fit.weight_x += weight * sums.x[i];
    fit.weight_xx += weight * sums.x[i] * sums.x[i];
    weight_y += weight * sums.y[i];
    weight_xy += weight * sums.x[i] * sums.y[i];
    log_determinant += std::log1p(ratio * sums.count[i]);
  }
  const double determinant = fit.weight * fit.weight_xx - fit.weight_x * fit.weight_x;
  fit.slope = (fit.weight * weight_xy - fit.weight_x * weight_y) / determinant;
  fit.intercept = (weight_y - fit.slope * fit.weight_x) / fit.weight;
  fit.squares = sums.within_yy - sums.within_xy * sums.within_xy / sums.within_xx;
  for (std::size_t i = 0; i < sums.count.size(); ++i) {
    const double residue = sums.y[i] - fit.intercept - fit.slope * sums.x[i];
    fit.squares += sums.count[i] / (1 + ratio * sums.count[i]) * residue * residue;
  }
  fit.criterion = log_determinant + std::log(determinant) + (sums.n - 3) * std::log(fit.squares);
  return fit;
}

// The share of the variance that lies between persons, ratio / (1 + ratio), at the least criterion.
double best_ratio(const Sums& sums) {
  const auto ratio_of = [](double share) { return share / (1 - share); };
  const auto criterion = [&](double share) { return fit_at(ratio_of(share), sums).criterion; };
  // A first look over the whole range: Brent's search alone might settle in a dent.
  constexpr int kSteps = 50;
  int best = 0;
  for (int i = 1; i < kSteps; ++i) {
    if (criterion(static_cast<double>(i) / kSteps) < criterion(static_cast<double>(best) / kSteps)) best = i;
  }
  const double low = std::max(0.0, (best - 1.0) / kSteps), high = std::min(1 - 1e-9, (best + 1.0) / kSteps);
  constexpr int kBits = std::numeric_limits<double>::digits / 2;
  const double found = boost::math::tools::brent_find_minima(criterion, low, high, kBits).first;
  return ratio_of(criterion(0) <= criterion(found) ? 0 : found);
}

Effect effect_of(double value, double variance, double df) {
  Effect out{value, std::sqrt(variance), df};
  const double reach = t_quantile(kUpperEnd, df) * out.standard_error;
  out.interval = {value - reach, value + reach};
  out.p = t_two_sided_p(value / out.standard_error, df);
  return out;
}

}  // namespace

Result<MixedModel> mixed_model(Persons person, std::span<const double> x, std::span<const double> y) {
  const Result<ByPerson> split = by_person(person, x, y);
  if (!split) return tl::make_unexpected(split.error());
  MixedModel out;
  out.n = x.size();
  out.persons = split->count.size();
  Sums sums;
  sums.n = static_cast<double>(out.n);
  sums.persons = static_cast<double>(out.persons);
  if (out.persons < 3) return bad_input("a mixed model needs at least 3 persons");
  if (sums.n - sums.persons < 3)
    return bad_input("there are too few sessions beyond each person's first for a mixed model");
  if (never_changes(split->within_x, x)) return bad_input("x never changes within a person");
  if (never_changes(split->within_y, y)) return bad_input("y never changes within a person");
  if (constant(split->mean_x)) return bad_input("the means of x are the same for all persons");
  sums.count = split->count;
  sums.x = split->mean_x;
  sums.y = split->mean_y;
  const double middle = mean(sums.x);
  for (double& value : sums.x) value -= middle;
  for (std::size_t i = 0; i < x.size(); ++i) {
    sums.within_xx += split->within_x[i] * split->within_x[i];
    sums.within_xy += split->within_x[i] * split->within_y[i];
    sums.within_yy += split->within_y[i] * split->within_y[i];
  }
  const double left = sums.within_yy - sums.within_xy * sums.within_xy / sums.within_xx;
  if (left <= 1e-12 * sums.within_yy)
    return bad_input("x and y rise in exact proportion: nothing is left to vary");
  const double ratio = best_ratio(sums);
  const Fit fit = fit_at(ratio, sums);
  out.residual_variance = fit.squares / (sums.n - 3);
  out.person_variance = ratio * out.residual_variance;
  const double determinant = fit.weight * fit.weight_xx - fit.weight_x * fit.weight_x;
  const double session_df = sums.n - sums.persons - 1, person_df = sums.persons - 2;
  out.within = effect_of(sums.within_xy / sums.within_xx, out.residual_variance / sums.within_xx, session_df);
  out.between = effect_of(fit.slope, out.residual_variance * fit.weight / determinant, person_df);
  out.intercept = effect_of(fit.intercept, out.residual_variance * fit.weight_xx / determinant, person_df);
  return out;
}

}  // namespace pyro::stats
