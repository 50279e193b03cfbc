// Correlation of pairs that are independent of each other: one pair a person. For several pairs a person see
// repeated.hpp.
//
// Errors (bad_input), everywhere in this room: fewer than 3 pairs, lengths that differ, a value that is not
// finite, a side whose values are all the same. They say which side by the words "x" and "y".
#pragma once

#include <cstdint>
#include <span>

#include "pyro/base/result.hpp"
#include "pyro/stats/interval.hpp"

namespace pyro::stats {

struct Correlation {
  std::size_t n = 0;
  double r = 0;
  Interval interval;  // by Fisher's z; of 3 pairs, which say nothing about it, -1..1
  double p = 1;       // two-sided, against no correlation, by Student's t with n - 2 degrees
};

[[nodiscard]] Status check_pairs(std::span<const double> x, std::span<const double> y);

[[nodiscard]] Result<Correlation> pearson(std::span<const double> x, std::span<const double> y);
// Of ranks, equal values sharing theirs. The interval's width is that of Bonett & Wright 2000; Fisher's is
// too narrow for ranks.
[[nodiscard]] Result<Correlation> spearman(std::span<const double> x, std::span<const double> y);

// tanh(atanh(r) -/+ z * standard_error).
[[nodiscard]] Interval fisher_interval(double r, double standard_error);
// Two-sided p of a correlation with `df` degrees of freedom.
[[nodiscard]] double correlation_p(double r, double df);

// Whether the pairs differ from the same values paired at random, by |r|.
struct Permutation {
  double p = 1;
  std::int64_t tried = 0;  // permutations
  bool exact = false;      // all there are; else drawn at random, p = (1 + at least as large) / (1 + tried)
};
inline constexpr std::size_t kLargestExact = 8;  // pairs: 40,320 permutations
// `permutations` (at least 1) are drawn where there are more than kLargestExact pairs. The same seed gives
// the same p on every machine.
[[nodiscard]] Result<Permutation> permutation_test(std::span<const double> x, std::span<const double> y,
                                                   std::int64_t permutations, std::uint64_t seed);

}  // namespace pyro::stats
