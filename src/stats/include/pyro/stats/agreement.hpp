// Whether two measures give the same number, not only whether they rise together. They must count in the
// same unit. One pair a person, errors as correlation.hpp says (for bland_altman either side may be constant,
// but not the difference).
#pragma once

#include <span>

#include "pyro/base/result.hpp"
#include "pyro/stats/interval.hpp"

namespace pyro::stats {

// Mean of |x - y|; NaN of nothing. Precondition: of one length.
[[nodiscard]] double mean_abs_diff(std::span<const double> x, std::span<const double> y);

// Bland & Altman 1986, on x - y.
struct BlandAltman {
  std::size_t n = 0;
  Estimate bias;          // mean difference, by Student's t
  double sd = 0;          // of the differences
  Estimate lower, upper;  // bias -/+ 1.96 sd, between which 95 % of the differences lie
};
// The limits' intervals are exact for normal differences (Carkeet 2015, by the noncentral t) up to 200 pairs,
// and the usual approximation beyond, where the two agree to about 2 % of sd.
[[nodiscard]] Result<BlandAltman> bland_altman(std::span<const double> x, std::span<const double> y);

// Lin 1989 (variance as corrected in 2000): 1 only where x equals y; moments have n in the denominator, and
// the interval goes by the z transform.
struct Concordance {
  Estimate ccc;
  double precision = 0;  // Pearson's r: how closely the pairs lie along a line
  double accuracy = 0;   // C_b: how close that line is to y = x; ccc is the product of the two
};
[[nodiscard]] Result<Concordance> concordance(std::span<const double> x, std::span<const double> y);

}  // namespace pyro::stats
