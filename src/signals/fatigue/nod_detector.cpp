#include "nod_detector.hpp"

#include <algorithm>
#include <cmath>

namespace pyro::signals {

bool NodDetector::update(Seconds time, float pitch_deg, float yaw_deg) {
  if (!has_last_) rest_deg_ = pitch_deg;
  const float last_deg = has_last_ ? last_pitch_deg_ : pitch_deg;
  const Seconds last_time = has_last_ ? last_time_ : time;
  has_last_ = true;
  last_time_ = time;
  last_pitch_deg_ = pitch_deg;

  // Where a straight line between the two readings passes the border between rest and nod.
  const float border_deg = rest_deg_ + settings_.back_deg;
  const auto crossing = [&] {
    const double share = static_cast<double>((border_deg - last_deg) / (pitch_deg - last_deg));
    return last_time + share * (time - last_time);
  };
  if (!down_) {
    if (pitch_deg > border_deg) {
      down_ = true;
      down_since_ = last_deg < border_deg ? crossing() : time;
      lowest_deg_ = pitch_deg;
      least_yaw_deg_ = most_yaw_deg_ = yaw_deg;
    } else {
      const double keep = std::exp(-(time - last_time) / settings_.rest_time);
      rest_deg_ += static_cast<float>(1 - keep) * (pitch_deg - rest_deg_);
    }
    return false;
  }
  lowest_deg_ = std::max(lowest_deg_, pitch_deg);
  least_yaw_deg_ = std::min(least_yaw_deg_, yaw_deg);
  most_yaw_deg_ = std::max(most_yaw_deg_, yaw_deg);
  if (pitch_deg <= border_deg) {
    down_ = false;
    const Seconds duration = (last_deg > border_deg ? crossing() : time) - down_since_;
    return lowest_deg_ - rest_deg_ >= settings_.min_drop_deg &&
           most_yaw_deg_ - least_yaw_deg_ <= settings_.most_turn_deg && duration >= settings_.shortest &&
           duration <= settings_.longest;
  }
  if (time - down_since_ > settings_.longest) {  // another posture: rest here from now on
    down_ = false;
    rest_deg_ = pitch_deg;
  }
  return false;
}

}  // namespace pyro::signals
