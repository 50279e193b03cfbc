#include "pyro/score/parts.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace pyro::score {

using records::Emotion;

Probabilities expression_weights(const ScoreSettings& settings) {
  Probabilities weights{};
  for (const Emotion negative : {Emotion::angry, Emotion::disgust, Emotion::fear, Emotion::sad})
    weights[static_cast<std::size_t>(negative)] = settings.alpha;
  weights[static_cast<std::size_t>(Emotion::happy)] = -settings.beta;
  for (const Emotion balanced : {Emotion::surprise, Emotion::neutral})
    weights[static_cast<std::size_t>(balanced)] = settings.gamma;
  return weights;
}

FatigueParts fatigue_parts(const records::FatigueCues& cues, int recent_yawns) {
  struct Part {
    double weight, value;
  };
  std::array<Part, 3> parts{
      Part{0.5, static_cast<double>(cues.perclos) / 0.15},
      Part{0.25, (static_cast<double>(cues.blink_duration_ms) - 200) / 300},
      Part{0.25, static_cast<double>(recent_yawns) / kYawnsForFull},
  };
  double weights = 0;
  for (Part& part : parts) {
    if (std::isnan(part.value)) part = {0, 0};
    part.value = part.weight * std::clamp(part.value, 0.0, 1.0);
    weights += part.weight;  // the yawns are always known
  }
  return {parts[0].value / weights, parts[1].value / weights, parts[2].value / weights};
}

}  // namespace pyro::score
