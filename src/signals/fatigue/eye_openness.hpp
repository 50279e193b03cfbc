// One eye's openness on this person's own scale, from the two readings of the mesh.
#pragma once

#include "pyro/signals/fatigue_settings.hpp"
#include "resting_level.hpp"

namespace pyro::signals {

class EyeOpenness {
 public:
  // `ear_open` and `blink_open` from a calibration, NaN to learn them while watching.
  EyeOpenness(const EyeSettings& settings, float ear_open, float blink_open);

  // The eye looked like this for `span`. NaN for a reading that is not there.
  void learn(float ear, float blink, Seconds span);
  // About 0 shut .. 1 open; from -0.7 (shut tightly: how far still tells a blink's middle) to 1.2 (widened).
  // NaN if there is no reading.
  [[nodiscard]] float openness(float ear, float blink) const;

  [[nodiscard]] float ear_open() const;
  [[nodiscard]] float blink_open() const;

 private:
  EyeSettings settings_;
  float ear_open_, blink_open_;
  RestingLevel ear_level_, blink_level_;
};

}  // namespace pyro::signals
