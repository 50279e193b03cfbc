// Several pairs a person. Within a person (do the two rise and fall together?) and between persons (does who
// is higher on one lie higher on the other?) are two questions, and mixing them answers neither.
#pragma once

#include <cstdint>
#include <span>

#include "pyro/base/result.hpp"
#include "pyro/stats/agreement.hpp"
#include "pyro/stats/correlation.hpp"

namespace pyro::stats {

// person[i]: whose x[i] and y[i] are; any numbers, equal ones are one person.
using Persons = std::span<const std::int32_t>;

// Repeated-measures correlation (Bakdash & Marusich 2017): the common correlation within persons.
struct RepeatedCorrelation {
  std::size_t n = 0, persons = 0;
  double r = 0, df = 0;  // df = n - persons - 1
  Interval interval;     // by Fisher's z with df - 1
  double p = 1;
};
// Errors as correlation.hpp says, and: fewer than 2 degrees of freedom; x or y never changes within a person.
[[nodiscard]] Result<RepeatedCorrelation> repeated_correlation(Persons person, std::span<const double> x,
                                                               std::span<const double> y);

// Pearson's r of the persons' means: one independent pair a person, whatever their number of sessions.
[[nodiscard]] Result<Correlation> between_correlation(Persons person, std::span<const double> x,
                                                      std::span<const double> y);

// y = intercept + within * (x - person's mean of x) + between * (person's mean of x - mean of those) + u + e
// with a random intercept u per person, by restricted maximum likelihood.
struct Effect {
  double value = 0, standard_error = 0, df = 0;
  Interval interval = {};  // by Student's t
  double p = 1;
};
struct MixedModel {
  std::size_t n = 0, persons = 0;
  Effect intercept, within, between;  // df: persons - 2, n - persons - 1, persons - 2
  double person_variance = 0, residual_variance = 0;
  // What of y's variance, beside what x explains, lies between persons.
  [[nodiscard]] double icc() const { return person_variance / (person_variance + residual_variance); }
};
// Errors as repeated_correlation's, and: fewer than 3 persons, persons whose means of x are all the same, a
// fit without any residue.
[[nodiscard]] Result<MixedModel> mixed_model(Persons person, std::span<const double> x,
                                             std::span<const double> y);

// Limits of agreement for one more session of one more person where persons repeat and their true difference
// varies between persons (Bland & Altman 2007, section 3): variance within plus variance between from one-way
// analysis of x - y. Bias and sd come without an interval: that of independent pairs would be too narrow.
struct RepeatedAgreement {
  double bias = 0, sd = 0, sd_within = 0, sd_between = 0, lower = 0, upper = 0;
};
[[nodiscard]] Result<RepeatedAgreement> repeated_agreement(Persons person, std::span<const double> x,
                                                           std::span<const double> y);

}  // namespace pyro::stats
