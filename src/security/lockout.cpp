#include "pyro/security/lockout.hpp"

#include <algorithm>

namespace pyro::security {

namespace {

bool are_forgotten(const Failures& failures, UtcTime now, const LockoutRule& rule) {
  return failures.count <= 0 || now - failures.last >= rule.forgotten;
}

}  // namespace

std::chrono::microseconds wait_left(const Failures& failures, UtcTime now, const LockoutRule& rule) {
  using Wait = std::chrono::microseconds;
  if (are_forgotten(failures, now, rule) || failures.count <= rule.free) return Wait{0};
  Wait wait = std::min(rule.first, rule.most);
  for (int doubled = failures.count - rule.free - 1; doubled > 0 && wait < rule.most; --doubled)
    wait = std::min(wait * 2, rule.most);
  return std::clamp(wait - (now - failures.last), Wait{0}, wait);
}

Failures after_failure(const Failures& failures, UtcTime now, const LockoutRule& rule) {
  if (are_forgotten(failures, now, rule)) return {1, now};
  // Far more than the cap needs, and no overflow whoever tries for years.
  return {std::min(failures.count + 1, 1'000'000), now};
}

}  // namespace pyro::security
