#include "lids.hpp"

#include <algorithm>

namespace pyro::study {

void LidMeter::update(Seconds time, float openness, bool closed, records::FatigueCues& cues) {
  if (last_ && time - *last_ <= kLongestStep) {
    steps_.push_back({time, time - *last_, closed});
    seen_ += steps_.back().length;
    if (closed) closed_ += steps_.back().length;
  } else {
    closed_since_.reset();
  }
  last_ = time;
  while (!steps_.empty() && steps_.front().until <= time - kWindow) {
    seen_ -= steps_.front().length;
    if (steps_.front().closed) closed_ -= steps_.front().length;
    steps_.pop_front();
  }
  if (closed && !closed_since_) closed_since_ = time;
  if (!closed && closed_since_) {
    const Seconds length = time - *closed_since_;
    closed_since_.reset();
    if (length >= kShortest && length <= kLongest) {
      ++blinks_;
      cues.blink = true;
      duration_ms_ = static_cast<float>(length.count() * 1000);
      blink_ends_.push_back(time);
    }
  }
  while (!blink_ends_.empty() && blink_ends_.front() <= time - kWindow) blink_ends_.pop_front();
  cues.eye_openness = openness;
  cues.eyes_closed = closed;
  cues.blinks = blinks_;
  cues.blink_duration_ms = duration_ms_;
  if (seen_ >= Seconds{1}) cues.perclos = static_cast<float>(std::clamp(closed_ / seen_, 0.0, 1.0));
  if (seen_ >= kRateFrom)
    cues.blink_rate_per_min =
        static_cast<float>(60 * static_cast<double>(blink_ends_.size()) / seen_.count());
}

void LidMeter::gap(records::FatigueCues& cues) {
  last_.reset();
  closed_since_.reset();
  cues.blinks = blinks_;
}

}  // namespace pyro::study
