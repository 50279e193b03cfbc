// How long whoever guessed wrong must wait: some tries are free, then each doubles the wait, up to a cap
// (NIST SP 800-63B, 5.2.2; OWASP, authentication). Kept for each account and for each address. It only
// delays, so nobody can lock another out for good.
#pragma once

#include <chrono>

#include "pyro/base/time.hpp"

namespace pyro::security {

struct Failures {
  int count = 0;  // since the last success
  UtcTime last{};
};

struct LockoutRule {
  int free = 5;                                // failures without a wait
  std::chrono::microseconds first{1'000'000};  // after the next one; then twice as long each time
  std::chrono::microseconds most = std::chrono::minutes{15};
  std::chrono::microseconds forgotten = std::chrono::hours{24};  // after that long without a failure
};

// What is left to wait before the next try; 0: it may be made. Where the clock was set back, at most the
// whole wait.
[[nodiscard]] std::chrono::microseconds wait_left(const Failures& failures, UtcTime now,
                                                  const LockoutRule& rule = {});

// With one more. A success is Failures{}. A try that was refused for its wait is not counted.
[[nodiscard]] Failures after_failure(const Failures& failures, UtcTime now, const LockoutRule& rule = {});

}  // namespace pyro::security
