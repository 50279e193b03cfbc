// Sums over the last minute in bins of 0.1 s: how long the eyes were seen, how long they were shut, how many
// blinks ended. Whole microseconds, so that adding and forgetting never drifts.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "pyro/base/time.hpp"

namespace pyro::signals {

class ClosureWindow {
 public:
  static constexpr Seconds kSpan{60};

  // Forgets what is older than a minute. Times never go back.
  void advance(Seconds now);
  // The eyes were seen, shut or not, from..to; both within the last minute.
  void add(Seconds from, Seconds to, bool shut);
  void add_blink(Seconds when);

  [[nodiscard]] Seconds seen() const { return Seconds{static_cast<double>(seen_us_) * 1e-6}; }
  [[nodiscard]] double shut_share() const {  // 0 when nothing was seen
    return seen_us_ > 0 ? static_cast<double>(shut_us_) / static_cast<double>(seen_us_) : 0;
  }
  [[nodiscard]] int blinks() const { return blinks_; }

 private:
  static constexpr std::int64_t kBinUs = 100'000;
  static constexpr std::int64_t kBins = 600;
  struct Bin {
    std::int32_t seen_us = 0, shut_us = 0, blinks = 0;
  };

  [[nodiscard]] Bin& bin(std::int64_t number) {
    return bins_[static_cast<std::size_t>(((number % kBins) + kBins) % kBins)];
  }

  std::array<Bin, static_cast<std::size_t>(kBins)> bins_{};
  std::int64_t newest_ = 0;  // number of the newest bin
  bool started_ = false;
  std::int64_t seen_us_ = 0, shut_us_ = 0;
  int blinks_ = 0;
};

}  // namespace pyro::signals
