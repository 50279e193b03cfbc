#include "pyro/study/aggregate.hpp"

#include <algorithm>
#include <cmath>

#include "pyro/score/formula.hpp"

namespace pyro::study {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kLeastEyesSeconds = 5;  // as the session's own blink rate

SignalSummary summary_of(const SignalSeconds& signal, std::vector<float>& scratch) {
  const std::size_t n = signal.mean.size();
  double count = 0, sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    count += signal.count[i];
    sum += static_cast<double>(signal.count[i]) * static_cast<double>(signal.mean[i]);
  }
  if (count == 0) return {kNone, kNone, kNone, kNone, kNone};
  SignalSummary out;
  out.mean = sum / count;
  // Once more with the mean known: nothing cancels.
  double squares = 0;
  scratch.clear();
  for (std::size_t i = 0; i < n; ++i) {
    const double off = static_cast<double>(signal.mean[i]) - out.mean;
    squares += static_cast<double>(signal.squares[i]) + static_cast<double>(signal.count[i]) * off * off;
    if (signal.count[i] > 0) scratch.push_back(signal.mean[i]);
  }
  out.deviation = std::sqrt(squares / count);
  out.q50 = quantile(scratch, 0.50);
  out.q05 = quantile(scratch, 0.05);
  out.q95 = quantile(scratch, 0.95);
  return out;
}

}  // namespace

double quantile(std::vector<float>& values, double q) {
  if (values.empty()) return kNone;
  const double place = q * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(below);
  std::nth_element(values.begin(), at, values.end());
  const double low = static_cast<double>(*at), share = place - static_cast<double>(below);
  if (share == 0 || at + 1 == values.end()) return low;
  return low + share * (static_cast<double>(*std::min_element(at + 1, values.end())) - low);
}

score::Moments score_of(const SessionSeconds& session) {
  score::Moments all;
  for (std::size_t i = 0; i < session.size(); ++i) all.add(session.score_moments(i));
  return all;
}

SessionAggregate aggregate(const SessionSeconds& session, const score::ScoreSettings& settings) {
  thread_local std::vector<float> scratch;
  SessionAggregate out;
  const score::Moments score = score_of(session);
  out.scored = score.count;
  out.score = score.count > 0 ? score.mean : kNone;
  out.volatility = score.variance();
  out.score_final = score::final_score(out.score, out.volatility, settings);
  out.index = score::index(out.score, out.volatility, settings);
  out.min_score = out.max_score = kNone;
  if (score.count > 0) {
    out.min_score = std::ranges::min(session.score, {}, &ScoreSecond::min).min;
    out.max_score = std::ranges::max(session.score, {}, &ScoreSecond::max).max;
  }
  const SessionFacts& facts = session.facts;
  out.valid_share = static_cast<double>(facts.valid) / static_cast<double>(facts.frames);
  out.blink_rate_per_min = facts.eyes_seen_s < kLeastEyesSeconds
                               ? kNone
                               : 60 * static_cast<double>(facts.blinks) / facts.eyes_seen_s;
  out.perclos = facts.eyes_seen_s > 0 ? facts.eyes_closed_s / facts.eyes_seen_s : kNone;
  for (std::size_t i = 0; i < kSignals; ++i) out.signals[i] = summary_of(session.signals[i], scratch);
  return out;
}

}  // namespace pyro::study
