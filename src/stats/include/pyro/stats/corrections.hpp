// p values of several comparisons, adjusted so that each may be read against 0.05 as it stands. In the order
// given; values that are not finite (a comparison that could not be made) stay and do not count.
#pragma once

#include <span>
#include <vector>

namespace pyro::stats {

// Holm 1979: the chance of a single false finding among all.
[[nodiscard]] std::vector<double> holm(std::span<const double> p);
// Benjamini & Hochberg 1995: the share of false ones among the findings.
[[nodiscard]] std::vector<double> benjamini_hochberg(std::span<const double> p);

}  // namespace pyro::stats
