// What a number of independent pairs can show about a correlation, before anything is measured.
#pragma once

#include <cstdint>

namespace pyro::stats {

// The chance that `n` pairs give p < alpha (two-sided) where the true correlation is r: the usual
// approximation by Fisher's z with its bias (Cohen 1988, section 12.7.2). NaN for n < 4, |r| >= 1.
[[nodiscard]] double correlation_power(double r, std::int64_t n, double alpha = 0.05);

// The least n with at least `power`; 0 where none below a billion has (r = 0).
[[nodiscard]] std::int64_t pairs_for_power(double r, double power, double alpha = 0.05);

// The least n whose 95 % interval (Fisher's z) around r is at most `width` wide from end to end; 0 as above.
[[nodiscard]] std::int64_t pairs_for_width(double r, double width);

// The least |r| that n pairs find with `power`; NaN for n < 4.
[[nodiscard]] double detectable_correlation(std::int64_t n, double power, double alpha = 0.05);

}  // namespace pyro::stats
