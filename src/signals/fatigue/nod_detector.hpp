// A nod is the head falling forward and coming back: a dip of the pitch against where the head rested,
// bounded in time.
#pragma once

#include "pyro/base/time.hpp"
#include "pyro/signals/fatigue_settings.hpp"

namespace pyro::signals {

class NodDetector {
 public:
  explicit NodDetector(const NodSettings& settings) : settings_(settings) {}

  // True in the update in which the head is back. pitch_deg > 0 looks down; a head that turns meanwhile looks
  // away and back, which is no nod.
  bool update(Seconds time, float pitch_deg, float yaw_deg);
  void reset() { *this = NodDetector(settings_); }

 private:
  NodSettings settings_;
  bool has_last_ = false, down_ = false;
  Seconds last_time_{0}, down_since_{0};
  float last_pitch_deg_ = 0, rest_deg_ = 0, lowest_deg_ = 0;
  float least_yaw_deg_ = 0, most_yaw_deg_ = 0;  // since the head went down
};

}  // namespace pyro::signals
