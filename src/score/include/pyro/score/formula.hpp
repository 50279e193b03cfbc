// The burnout score's formulas, as functions of values alone. They are PRODUCT.md's, with T valid frames:
//   S_t     = alpha (sad + angry + fear + disgust) - beta happy + gamma (neutral + surprise) [+ delta F_t]
//   S       = mean of S_t                  V = (1/T) sum (S_t - S)^2
//   S_final = lambda S + (1 - lambda) V
// The bracket belongs to the extended profile.
#pragma once

#include <array>

#include "pyro/records/signals.hpp"
#include "pyro/score/settings.hpp"

namespace pyro::score {

// Probabilities as they were recorded, in the order of kEmotionNames. Double, so that a file's decimals are
// taken as they stand.
using Probabilities = std::array<double, records::kClasses>;
[[nodiscard]] Probabilities probabilities(const records::Expression& expression);
[[nodiscard]] bool known(const Probabilities& p);  // no class is missing (not a number)

// S_t. `fatigue` is F_t, 0..1; only the extended profile reads it.
[[nodiscard]] double step(const Probabilities& p, const ScoreSettings& settings, double fatigue = 0);
[[nodiscard]] double step(const records::Expression& expression, const ScoreSettings& settings,
                          double fatigue = 0);

// The theoretical range of S_t over every probability vector: S_t is a weighted mean of alpha, -beta and
// gamma, so it lies between their least and greatest, each reached by a pure expression; delta is added
// above.
struct Range {
  double low = 0, high = 0;
};
[[nodiscard]] Range step_range(const ScoreSettings& settings);

// The greatest V that values in that range can have, ((high - low) / 2)^2 (Popoviciu 1935): V is at most the
// mean squared distance from the range's middle, and no value is further from it than half the range. Reached
// when half of the frames lie at each end.
[[nodiscard]] double max_volatility(const ScoreSettings& settings);

[[nodiscard]] double final_score(double mean, double volatility, const ScoreSettings& settings);

// 0..100: 100 (lambda (S - low) / (high - low) + (1 - lambda) V / max V). With alpha = beta = 1 and gamma <=
// 1 the range is -1..1 and max V is 1. NaN in, NaN out.
[[nodiscard]] double index(double mean, double volatility, const ScoreSettings& settings);

// F, 0..1: 0.5 PERCLOS / 0.15 (the share from which Wierwille & Ellsworth 1994 call a driver drowsy) + 0.25
// (last blink's duration - 200 ms) / 300 ms (blinks of alert people last about 200 ms, overlong ones 300 to
// 500 ms: Caffier et al. 2003, Schleicher et al. 2008) + 0.25 yawns of the last 5 minutes / 3 (our choice),
// each part clamped to 0..1 and the weights shared among the parts that are known. Nods are left out: people
// nod to agree.
[[nodiscard]] double fatigue_term(const records::FatigueCues& cues, int recent_yawns);
inline constexpr Seconds kYawnMemory{300};
inline constexpr int kYawnsForFull = 3;

}  // namespace pyro::score
