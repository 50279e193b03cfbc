// Blinks and PERCLOS from another tool's yes or no of whether the eyes are closed.
#pragma once

#include <deque>
#include <optional>

#include "pyro/base/time.hpp"
#include "pyro/records/signals.hpp"

namespace pyro::study {

// Times never go back. A blink is a closure of 30 ms to 0.5 s, as in our own reading (docs/fatigue.md); what
// is longer counts for PERCLOS only.
class LidMeter {
 public:
  // Fills the cues of this frame. `openness` and `closed` as the tool says.
  void update(Seconds time, float openness, bool closed, records::FatigueCues& cues);
  // A frame without this face: what lies before is not connected to what comes.
  void gap(records::FatigueCues& cues);

 private:
  struct Step {
    Seconds until, length;
    bool closed;
  };
  static constexpr Seconds kWindow{60}, kLongestStep{0.35}, kShortest{0.03}, kLongest{0.5}, kRateFrom{5};

  std::deque<Step> steps_;
  std::deque<Seconds> blink_ends_;
  Seconds seen_{0}, closed_{0};
  std::optional<Seconds> last_, closed_since_;
  std::int32_t blinks_ = 0;
  float duration_ms_ = records::kNoValue;
};

}  // namespace pyro::study
