// How many pictures a second a sender is told to send.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

namespace pyro::live {

// As much as was read lately while pictures are pushed out, a little
// more while none are.
class Rate {
 public:
  using Clock = std::chrono::steady_clock;

  void count_read() { ++read_; }
  void count_dropped(std::size_t count) { dropped_ += count; }
  // Once a second at most; the new rate where it has changed.
  std::optional<double> settle(Clock::time_point now) {
    const double passed_s = std::chrono::duration<double>(now - since_).count();
    if (passed_s < 1) return std::nullopt;
    if (passed_s > kPauseS) {  // nothing came meanwhile: it says nothing of how many are read
      read_ = dropped_ = 0;
      since_ = now;
      return std::nullopt;
    }
    const double before = fps_;
    if (dropped_ > 0) {
      fps_ = std::clamp(0.95 * static_cast<double>(read_) / passed_s, kFewestFps, kMostFps);
      calm_ = 0;
    } else if (++calm_ >= 3) {
      fps_ = std::min(kMostFps, 1.15 * fps_);
      calm_ = 0;
    }
    read_ = dropped_ = 0;
    since_ = now;
    if (std::abs(fps_ - before) < 0.05 * before) return std::nullopt;
    return fps_;
  }
  [[nodiscard]] double fps() const { return fps_; }

 private:
  static constexpr double kMostFps = 30, kFewestFps = 1, kPauseS = 3;
  Clock::time_point since_ = Clock::now();
  std::size_t read_ = 0, dropped_ = 0;
  int calm_ = 0;
  double fps_ = kMostFps;
};

}  // namespace pyro::live
