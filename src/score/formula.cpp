#include "pyro/score/formula.hpp"

#include <algorithm>
#include <cmath>

#include "pyro/score/parts.hpp"

namespace pyro::score {

using records::Emotion;

Probabilities probabilities(const records::Expression& expression) {
  Probabilities p{};
  std::copy(expression.p.begin(), expression.p.end(), p.begin());
  return p;
}

bool known(const Probabilities& p) {
  return std::none_of(p.begin(), p.end(), [](double value) { return std::isnan(value); });
}

double step(const Probabilities& p, const ScoreSettings& settings, double fatigue) {
  const auto of = [&p](Emotion emotion) { return p[static_cast<std::size_t>(emotion)]; };
  const double negative = of(Emotion::angry) + of(Emotion::disgust) + of(Emotion::fear) + of(Emotion::sad);
  const double balanced = of(Emotion::neutral) + of(Emotion::surprise);
  const double expressed =
      settings.alpha * negative - settings.beta * of(Emotion::happy) + settings.gamma * balanced;
  return settings.profile == Profile::extended ? expressed + settings.delta * fatigue : expressed;
}

double step(const records::Expression& expression, const ScoreSettings& settings, double fatigue) {
  return step(probabilities(expression), settings, fatigue);
}

Range step_range(const ScoreSettings& settings) {
  const auto [low, high] = std::minmax({settings.alpha, -settings.beta, settings.gamma});
  return {low, settings.profile == Profile::extended ? high + settings.delta : high};
}

double max_volatility(const ScoreSettings& settings) {
  const Range range = step_range(settings);
  const double half = (range.high - range.low) / 2;
  return half * half;
}

double final_score(double mean, double volatility, const ScoreSettings& settings) {
  return settings.lambda * mean + (1 - settings.lambda) * volatility;
}

double index(double mean, double volatility, const ScoreSettings& settings) {
  const Range range = step_range(settings);
  // Recorded probabilities sum to 1 only within rounding: the ends are kept.
  const double level = std::clamp((mean - range.low) / (range.high - range.low), 0.0, 1.0);
  const double unrest = std::clamp(volatility / max_volatility(settings), 0.0, 1.0);
  return 100 * (settings.lambda * level + (1 - settings.lambda) * unrest);
}

double fatigue_term(const records::FatigueCues& cues, int recent_yawns) {
  const FatigueParts parts = fatigue_parts(cues, recent_yawns);
  return parts.perclos + parts.blink_duration + parts.yawns;
}

}  // namespace pyro::score
