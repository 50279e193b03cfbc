#include "closure_window.hpp"

#include <algorithm>
#include <cmath>

namespace pyro::signals {

namespace {

std::int64_t microseconds(Seconds time) {
  return std::llround(time.count() * 1e6);
}

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

}  // namespace

void ClosureWindow::advance(Seconds now) {
  const std::int64_t number = floor_divide(microseconds(now), kBinUs);
  if (!started_) newest_ = number;
  started_ = true;
  // After a long absence every bin is cleared once; more turns would change nothing.
  for (std::int64_t i = std::max(newest_ + 1, number - kBins + 1); i <= number; ++i) {
    Bin& old = bin(i);
    seen_us_ -= old.seen_us;
    shut_us_ -= old.shut_us;
    blinks_ -= old.blinks;
    old = {};
  }
  newest_ = std::max(newest_, number);
}

void ClosureWindow::add(Seconds from, Seconds to, bool shut) {
  std::int64_t begin = microseconds(from);
  const std::int64_t end = microseconds(to);
  while (begin < end) {
    const std::int64_t number = floor_divide(begin, kBinUs);
    const std::int64_t part = std::min(end, (number + 1) * kBinUs) - begin;
    if (number > newest_ - kBins && number <= newest_) {
      bin(number).seen_us += static_cast<std::int32_t>(part);
      seen_us_ += part;
      if (shut) {
        bin(number).shut_us += static_cast<std::int32_t>(part);
        shut_us_ += part;
      }
    }
    begin += part;
  }
}

void ClosureWindow::add_blink(Seconds when) {
  const std::int64_t number = floor_divide(microseconds(when), kBinUs);
  if (number <= newest_ - kBins || number > newest_) return;
  ++bin(number).blinks;
  ++blinks_;
}

}  // namespace pyro::signals
