// Times of frames from timestamps that may be missing, stand still, go back or leap (see source.hpp).
#pragma once

#include <cstdint>
#include <optional>

#include "pyro/base/time.hpp"

namespace pyro::capture {

// Where nothing tells the frame rate: FFmpeg's own convention for pictures in a row.
inline constexpr double assumed_fps = 25;

class PresentationClock {
 public:
  // A tick is numerator / denominator seconds, both > 0. fps 0 (or not finite) means unknown: 25 is taken for
  // the gaps.
  PresentationClock(int numerator, int denominator, double fps);

  // The next frame's time: 0 for the first, then strictly increasing.
  [[nodiscard]] Seconds next(std::optional<std::int64_t> ticks);
  // The stream starts again (loop): its next timestamp follows the last time at 1/fps.
  void restart();
  // Frames whose time had to be made up.
  [[nodiscard]] std::int64_t guessed() const { return guessed_; }

 private:
  double numerator_;
  double denominator_;
  double frame_seconds_;
  bool started_ = false;
  bool anchored_ = false;
  std::int64_t origin_ticks_ = 0;  // the timestamp that stands for origin_seconds_
  double origin_seconds_ = 0;
  double last_seconds_ = 0;
  int unusable_in_a_row_ = 0;
  std::int64_t guessed_ = 0;
};

}  // namespace pyro::capture
