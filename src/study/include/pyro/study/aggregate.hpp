// What a session comes to, and the table of all sessions of a study.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "pyro/study/seconds.hpp"

namespace pyro::study {

// Of one signal. Mean and deviation are over the frames; quantiles are over the means of the seconds, linear
// between neighbours (Hyndman & Fan 1996, type 7). Not numbers where no frame has the signal.
struct SignalSummary {
  double mean = 0, deviation = 0;  // standard deviation over count
  double q05 = 0, q50 = 0, q95 = 0;
};

struct SessionAggregate {
  std::int64_t scored = 0;  // frames with a score
  // Not numbers where there is none.
  double score = 0, volatility = 0, score_final = 0, index = 0, min_score = 0, max_score = 0;
  double valid_share = 0;  // of the recording's frames
  double blink_rate_per_min = 0, perclos = 0;
  std::array<SignalSummary, kSignals> signals{};
};

// Merges the seconds: S and V equal the formula over all frames to 1e-9.
[[nodiscard]] score::Moments score_of(const SessionSeconds& session);
[[nodiscard]] SessionAggregate aggregate(const SessionSeconds& session, const score::ScoreSettings& settings);

// q-quantile (type 7, as stats::quantile) of `values`, which are reordered; NaN of none. Three of each of
// some seventy signals a session, over thousands of sessions: so in place and on the floats that the seconds
// hold, without a copy to doubles.
[[nodiscard]] double quantile(std::vector<float>& values, double q);

}  // namespace pyro::study
