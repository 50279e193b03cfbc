// Statistics of numbers that come second by second and depend on the seconds before.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <vector>

namespace pyro::study {

// How many neighbouring values say as much as one independent one: 1 + 2 sum of the autocorrelations, summed
// in pairs while these stay above 0 (initial positive sequence, Geyer 1992), over at most n/3 and 300 lags.
// At least 1; 1 of constant or fewer than 4 values.
[[nodiscard]] double autocorrelation_time(std::span<const double> values);

enum class Verdict : std::uint8_t {
  too_little,  // fewer than kLeastIndependent independent values on either side: nothing is said
  unclear,     // the interval holds 0
  higher,
  lower,
};

// How a part of a session differs from the rest of it.
struct Difference {
  std::int64_t inside = 0, outside = 0;  // seconds
  double independent = 0;                // inside seconds over the autocorrelation time
  // Not numbers where the verdict is too_little, but mean_inside and mean_outside.
  double mean_inside = 0, mean_outside = 0;
  double effect = 0;         // (inside - outside) / standard deviation within both
  double low = 0, high = 0;  // its 95 % interval
  double z = 0;              // effect over its standard error
  Verdict verdict = Verdict::too_little;
};
inline constexpr double kLeastIndependent = 5;
inline constexpr int kBlockResamples = 1000;

// `inside[i]`: 1 belongs to the part, 0 to the rest, -1 to neither. The interval comes from a circular block
// bootstrap of the residuals (Politis & Romano 1992): the two means are taken off, blocks of twice the
// autocorrelation time are drawn from the whole session, and the difference of the drawn residuals says how
// far the observed one can be off. NaN values are left out. The same seed gives the same numbers.
[[nodiscard]] Difference difference(std::span<const double> values, std::span<const signed char> inside,
                                    std::uint64_t seed);

// The z beyond which one of `tests` stands out at 5 % in all (Bonferroni, two-sided).
[[nodiscard]] double stand_out_z(std::size_t tests);

}  // namespace pyro::study
