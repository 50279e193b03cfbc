#include "yawn_detector.hpp"

namespace pyro::signals {

bool YawnDetector::update(Seconds time, float mar) {
  if (wide_ && mar < settings_.open_mar) wide_ = counted_ = false;
  if (!wide_ && mar >= settings_.wide_mar) {
    wide_ = true;
    wide_since_ = time;
    if (has_last_ && last_mar_ < settings_.wide_mar) {
      const double share = static_cast<double>((settings_.wide_mar - last_mar_) / (mar - last_mar_));
      wide_since_ = last_time_ + share * (time - last_time_);
    }
  }
  has_last_ = true;
  last_time_ = time;
  last_mar_ = mar;
  if (!wide_ || counted_ || time - wide_since_ < settings_.shortest) return false;
  counted_ = true;
  return true;
}

}  // namespace pyro::signals
