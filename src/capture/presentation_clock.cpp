#include "presentation_clock.hpp"

#include <cmath>

namespace pyro::capture {
namespace {

constexpr double longest_gap_s = 3600;
constexpr int patience =
    3;  // one broken timestamp must not shift all that follow; a stream that restarted must

}  // namespace

PresentationClock::PresentationClock(int numerator, int denominator, double fps)
    : numerator_(numerator),
      denominator_(denominator),
      frame_seconds_(std::isfinite(fps) && fps > 0 ? 1 / fps : 1 / assumed_fps) {}

Seconds PresentationClock::next(std::optional<std::int64_t> ticks) {
  const double follow_up = started_ ? last_seconds_ + frame_seconds_ : 0;
  double time = follow_up;
  if (ticks && !anchored_) {
    anchored_ = true;
    origin_ticks_ = *ticks;
    origin_seconds_ = follow_up;
  } else if (ticks) {
    // In floating point from the start: absurd timestamps must not overflow. 2^53 ticks are exact.
    const double told = origin_seconds_ + (static_cast<double>(*ticks) - static_cast<double>(origin_ticks_)) *
                                              numerator_ / denominator_;
    if (told > last_seconds_ && told - last_seconds_ <= longest_gap_s) {
      time = told;
      unusable_in_a_row_ = 0;
    } else {
      ++guessed_;
      if (++unusable_in_a_row_ >= patience) {
        origin_ticks_ = *ticks;
        origin_seconds_ = follow_up;
        unusable_in_a_row_ = 0;
      }
    }
  } else {
    ++guessed_;
  }
  started_ = true;
  last_seconds_ = time;
  return Seconds{time};
}

void PresentationClock::restart() {
  anchored_ = false;
  unusable_in_a_row_ = 0;
}

}  // namespace pyro::capture
