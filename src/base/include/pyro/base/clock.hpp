// The system's clock. Who computes with a time is given it; only who observes, keeps or answers reads it
// here.
#pragma once

#include <chrono>

#include "pyro/base/time.hpp"

namespace pyro {

[[nodiscard]] inline UtcTime utc_now() {
  return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

}  // namespace pyro
