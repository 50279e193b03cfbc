#include "pyro/datasets/mcnemar.hpp"

#include <algorithm>
#include <cmath>

namespace pyro::datasets {

McNemar mcnemar(int only_first, int only_second) {
  McNemar test{only_first, only_second};
  const int discordant = only_first + only_second;
  test.exact = discordant < kExactBelow;
  if (test.exact) {
    double tail = 0, term = std::ldexp(1.0, -discordant);  // of Binomial(discordant, 1/2)
    for (int k = 0; k <= std::min(only_first, only_second); ++k) {
      tail += term;
      term *= static_cast<double>(discordant - k) / (k + 1);
    }
    test.p = std::min(1.0, 2 * tail);
    return test;
  }
  const double apart = std::max(0, std::abs(only_first - only_second) - 1);
  test.chi2 = apart * apart / discordant;
  test.p = std::erfc(std::sqrt(test.chi2 / 2));
  return test;
}

McNemar mcnemar(const std::vector<Judged>& first, const std::vector<Judged>& second) {
  int only_first = 0, only_second = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const bool one = first[i].truth == first[i].predicted, other = second[i].truth == second[i].predicted;
    only_first += one && !other ? 1 : 0;
    only_second += other && !one ? 1 : 0;
  }
  return mcnemar(only_first, only_second);
}

}  // namespace pyro::datasets
