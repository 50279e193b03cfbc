// Seconds between laps.
#pragma once

#include <chrono>

namespace pyro::training {

class Stopwatch {
 public:
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    const std::chrono::duration<double> taken = now - since_;
    since_ = now;
    return taken.count();
  }

 private:
  std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
};

}  // namespace pyro::training
