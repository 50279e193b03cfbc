// Days on which the usual value became another one.
#pragma once

#include <span>
#include <vector>

#include "pyro/base/result.hpp"

namespace pyro::trend {

// Where to cut so that the sum over pieces of squared distances from the piece's mean, plus `penalty` for
// each cut, is least; no piece is shorter than `least`. Gives the first index of each piece but the first.
// PELT (Killick, Fearnhead and Eckley 2012); exact also with a least length, because a candidate is dropped
// only once its better one may be used.
[[nodiscard]] std::vector<std::size_t> cut_by_mean(std::span<const double> value, double penalty,
                                                   std::size_t least);

struct Changes {
  std::vector<std::size_t> first;  // index of the first value of each new stretch
  double penalty = 0;              // in squared ranks
  double lag1 = 0;                 // how alike neighbouring days are, 0..0.9
};

inline constexpr std::size_t kShortestStretch = 7;

// cut_by_mean on the values' ranks (ties share their mean rank), which bounds what one odd day weighs. The
// penalty is 3 s² log n: the size of the modified BIC (Zhang and Siegmund 2007) with s² the noise's long-run
// variance, since days that are like their neighbours make stretches that look like changes. s² = v (1 +
// r)/(1 - r) with r = m2/m1 - 1 and v = m1/(2 (1 - r)), m1 and m2 the mean squares of differences over one
// and two values: of noise with lag-1 autocorrelation r, and hardly touched by the changes themselves (the
// idea: Chakar et al. 2017). Errors (bad_input): fewer than two stretches' values; all alike.
[[nodiscard]] Result<Changes> change_points(std::span<const double> value);

}  // namespace pyro::trend
