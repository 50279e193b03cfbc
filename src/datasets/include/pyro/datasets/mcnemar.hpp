// Whether two models that answered the same pictures differ by more than chance.
#pragma once

#include <vector>

#include "pyro/datasets/metrics.hpp"

namespace pyro::datasets {

// McNemar 1947 on the discordant pictures. Fewer than kExactBelow of them: the exact two-sided binomial test;
// else chi² with one degree of freedom and Edwards' continuity correction (|b - c| - 1)² / (b + c).
inline constexpr int kExactBelow = 25;
struct McNemar {
  int only_first = 0, only_second = 0;  // pictures that only one of the two has right
  bool exact = true;
  double chi2 = 0;  // 0 where exact
  double p = 1;
};
[[nodiscard]] McNemar mcnemar(int only_first, int only_second);
// Two predictions of the same pictures in the same order.
[[nodiscard]] McNemar mcnemar(const std::vector<Judged>& first, const std::vector<Judged>& second);

}  // namespace pyro::datasets
