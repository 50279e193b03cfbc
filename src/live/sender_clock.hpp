// A session's time by the clock of whoever sends: it tells how far apart pictures are.
#pragma once

#include <algorithm>
#include <chrono>

#include "pyro/base/time.hpp"

namespace pyro::live {

// Believed wherever it has not run ahead of ours since it was last set: pictures that waited on a broken way
// come late and all at once, and count as of when they were taken. Where it jumps, ours counts.
class SenderClock {
 public:
  using Clock = std::chrono::steady_clock;

  explicit SenderClock(Seconds offset) : time_(offset) {}

  Seconds take(UtcTime captured, Clock::time_point arrived) {
    if (!began_) {
      began_ = true;
      set(captured, arrived);
    } else {
      const Seconds sent = captured - set_captured_, ours = arrived - set_arrival_;
      if (captured > last_captured_ && sent < ours + kFarthestAhead) {
        time_ = set_time_ + sent;
      } else {
        time_ += std::max(Seconds{arrived - last_arrival_}, Seconds{0.001});
        set(captured, arrived);
      }
    }
    last_captured_ = captured;
    last_arrival_ = arrived;
    return time_;
  }

  [[nodiscard]] bool began() const { return began_; }
  [[nodiscard]] Seconds time_at(UtcTime captured) const { return time_ + Seconds{captured - last_captured_}; }

 private:
  static constexpr Seconds kFarthestAhead{10};

  void set(UtcTime captured, Clock::time_point arrived) {
    set_captured_ = captured;
    set_arrival_ = arrived;
    set_time_ = time_;
  }

  bool began_ = false;
  UtcTime set_captured_{}, last_captured_{};
  Clock::time_point set_arrival_, last_arrival_;
  Seconds time_, set_time_{0};
};

}  // namespace pyro::live
