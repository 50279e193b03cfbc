// Intraclass correlations of single measurements (McGraw & Wong 1996, Shrout & Fleiss 1979): how well persons
// are told apart when they are measured again.
#pragma once

#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/stats/interval.hpp"

namespace pyro::stats {

struct IccForm {
  Estimate icc;
  double f = 0, df1 = 0, df2 = 0, p = 1;  // against no difference between persons
};

struct Icc {
  std::size_t persons = 0, measurements = 0;  // n, k
  IccForm one;                                // ICC(1): measurements in no order, one-way
  IccForm agreement;                          // ICC(A,1): the k-th measurement's own level counts as error
  IccForm consistency;                        // ICC(C,1): it does not
};

// table[person][measurement], as many measurements of each. Errors: fewer than 3 persons or 2 measurements,
// rows of different lengths, values that are not finite, all values the same.
[[nodiscard]] Result<Icc> icc(const std::vector<std::vector<double>>& table);

}  // namespace pyro::stats
