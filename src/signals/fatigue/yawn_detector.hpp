// A yawn is a mouth held wide for long: talking and laughing open it as far, but not for that long.
#pragma once

#include "pyro/base/time.hpp"
#include "pyro/signals/fatigue_settings.hpp"

namespace pyro::signals {

class YawnDetector {
 public:
  explicit YawnDetector(const YawnSettings& settings) : settings_(settings) {}

  // True in the one update in which the mouth has been wide for long enough to count.
  bool update(Seconds time, float mar);
  void reset() { *this = YawnDetector(settings_); }
  [[nodiscard]] bool yawning() const { return counted_; }

 private:
  YawnSettings settings_;
  bool has_last_ = false;
  Seconds last_time_{0};
  float last_mar_ = 0;
  bool wide_ = false, counted_ = false;
  Seconds wide_since_{0};
};

}  // namespace pyro::signals
