// Finds blinks in eye openness: a dip below what the eyes were just before, and back. Relative to the moment,
// so that a squint or a smile does not hide a blink; in time, so that the frame rate does not matter.
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "pyro/base/time.hpp"
#include "pyro/signals/fatigue_settings.hpp"

namespace pyro::signals {

struct Blink {
  Seconds begin, end;  // where openness crosses half of the dip, interpolated between frames
};

class BlinkDetector {
 public:
  explicit BlinkDetector(const BlinkSettings& settings) : settings_(settings) {}

  // Openness at a time later than the one before. Returns the blink that has just ended, if one did.
  std::optional<Blink> update(Seconds time, float openness);
  // What lies before is no longer connected to what comes.
  void reset() { *this = BlinkDetector(settings_); }

 private:
  struct Sample {
    double time_s;
    float openness;
  };
  struct Dip {
    double top_s;
    float top, bottom;
    double bottom_s;
  };
  static constexpr std::size_t kSamples = 256;

  void remember(double time_s, float openness);
  [[nodiscard]] const Sample& sample(std::size_t i) const { return samples_[(first_ + i) % kSamples]; }
  [[nodiscard]] std::optional<Dip> dip_at(const Sample& now) const;
  [[nodiscard]] std::optional<Blink> blink_of(const Dip& dip) const;

  BlinkSettings settings_;
  std::array<Sample, kSamples> samples_{};
  std::size_t first_ = 0, count_ = 0;
  double look_from_s_ = -1e300;  // tops before the end of the last dip belong to that dip
  std::optional<Dip> dip_;
};

}  // namespace pyro::signals
