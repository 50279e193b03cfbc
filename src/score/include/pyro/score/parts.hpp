// The formulas taken apart: what each expression and each cue makes of S_t.
#pragma once

#include "pyro/score/formula.hpp"

namespace pyro::score {

// What each class's probability weighs in S_t: alpha, -beta or gamma.
[[nodiscard]] Probabilities expression_weights(const ScoreSettings& settings);

// What each cue adds to F; 0 where it is not known. They sum to fatigue_term.
struct FatigueParts {
  double perclos = 0, blink_duration = 0, yawns = 0;
};
[[nodiscard]] FatigueParts fatigue_parts(const records::FatigueCues& cues, int recent_yawns);

}  // namespace pyro::score
