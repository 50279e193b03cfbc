#include "pyro/stats/repeated.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "by_person.hpp"
#include "pyro/stats/distributions.hpp"
#include "pyro/stats/moments.hpp"

namespace pyro::stats {

Result<ByPerson> by_person(Persons person, std::span<const double> x, std::span<const double> y) {
  if (person.size() != x.size()) return bad_input("persons and x are not of one length");
  if (Status good = check_pairs(x, y); !good) return tl::make_unexpected(good.error());
  std::vector<std::int32_t> ids(person.begin(), person.end());
  std::ranges::sort(ids);
  ids.erase(std::ranges::unique(ids).begin(), ids.end());
  ByPerson out;
  out.index.resize(person.size());
  out.count.resize(ids.size());
  out.mean_x.resize(ids.size());
  out.mean_y.resize(ids.size());
  for (std::size_t i = 0; i < person.size(); ++i) {
    const auto who = static_cast<std::size_t>(std::ranges::lower_bound(ids, person[i]) - ids.begin());
    out.index[i] = who;
    out.count[who] += 1;
    out.mean_x[who] += x[i];
    out.mean_y[who] += y[i];
  }
  for (std::size_t who = 0; who < ids.size(); ++who) {
    out.mean_x[who] /= out.count[who];
    out.mean_y[who] /= out.count[who];
  }
  out.within_x.resize(x.size());
  out.within_y.resize(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    out.within_x[i] = x[i] - out.mean_x[out.index[i]];
    out.within_y[i] = y[i] - out.mean_y[out.index[i]];
  }
  return out;
}

bool never_changes(std::span<const double> within, std::span<const double> values) {
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::abs(value));
  // A mean of equal values may miss them by rounding.
  return std::ranges::all_of(within, [&](double distance) { return std::abs(distance) <= 1e-12 * largest; });
}

Result<RepeatedCorrelation> repeated_correlation(Persons person, std::span<const double> x,
                                                 std::span<const double> y) {
  const Result<ByPerson> split = by_person(person, x, y);
  if (!split) return tl::make_unexpected(split.error());
  RepeatedCorrelation out;
  out.n = x.size();
  out.persons = split->count.size();
  out.df = static_cast<double>(out.n) - static_cast<double>(out.persons) - 1;
  if (out.df < 2)
    return bad_input(
        "there are too few sessions beyond each person's first for a correlation within persons");
  if (never_changes(split->within_x, x)) return bad_input("x never changes within a person");
  if (never_changes(split->within_y, y)) return bad_input("y never changes within a person");
  double xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += split->within_x[i] * split->within_x[i];
    yy += split->within_y[i] * split->within_y[i];
    xy += split->within_x[i] * split->within_y[i];
  }
  out.r = std::clamp(xy / std::sqrt(xx) / std::sqrt(yy), -1.0, 1.0);
  out.p = correlation_p(out.r, out.df);
  out.interval = fisher_interval(out.r, 1 / std::sqrt(out.df - 1));
  return out;
}

Result<Correlation> between_correlation(Persons person, std::span<const double> x,
                                        std::span<const double> y) {
  const Result<ByPerson> split = by_person(person, x, y);
  if (!split) return tl::make_unexpected(split.error());
  return pearson(split->mean_x, split->mean_y);
}

Result<RepeatedAgreement> repeated_agreement(Persons person, std::span<const double> x,
                                             std::span<const double> y) {
  const Result<ByPerson> split = by_person(person, x, y);
  if (!split) return tl::make_unexpected(split.error());
  const auto n = static_cast<double>(x.size()), persons = static_cast<double>(split->count.size());
  if (persons < 2 || n <= persons)
    return bad_input("limits of agreement of repeated pairs need 2 persons, and sessions beyond the first");
  RepeatedAgreement out;
  for (std::size_t i = 0; i < x.size(); ++i) out.bias += (x[i] - y[i]) / n;
  double within = 0, between = 0, squared_counts = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double distance = split->within_x[i] - split->within_y[i];
    within += distance * distance;
  }
  for (std::size_t who = 0; who < split->count.size(); ++who) {
    const double distance = split->mean_x[who] - split->mean_y[who] - out.bias;
    between += split->count[who] * distance * distance;
    squared_counts += split->count[who] * split->count[who];
  }
  within /= n - persons;
  between /= persons - 1;
  const double each =
      (n - squared_counts / n) / (persons - 1);  // sessions a person, as unequal numbers count
  const double person_variance = std::max(0.0, (between - within) / each);
  out.sd_within = std::sqrt(within);
  out.sd_between = std::sqrt(person_variance);
  out.sd = std::sqrt(within + person_variance);
  const double reach = normal_quantile(kUpperEnd) * out.sd;
  out.lower = out.bias - reach;
  out.upper = out.bias + reach;
  return out;
}

}  // namespace pyro::stats
