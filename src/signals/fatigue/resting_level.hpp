// The level that a signal rests at for this person, learned while watching: a percentile of what was seen,
// weighted by time and forgetting slowly, held near a prior until enough was seen.
#pragma once

#include <array>
#include <cstddef>

#include "pyro/base/time.hpp"

namespace pyro::signals {

class RestingLevel {
 public:
  struct Prior {
    float low, high;    // values outside are no evidence of rest (a shut eye says nothing about the open one)
    float level;        // assumed before anything was seen
    Seconds worth;      // how much seen time the assumption weighs
    float quantile;     // 0..1
    Seconds half_life;  // of what was seen
  };

  explicit RestingLevel(const Prior& prior) : prior_(prior) {}

  // The signal had this value for `span`.
  void add(float value, Seconds span);
  [[nodiscard]] float level() const;
  // Time that counts as evidence, after forgetting.
  [[nodiscard]] Seconds seen() const { return Seconds{total_s_}; }

 private:
  static constexpr std::size_t kBins = 64;

  Prior prior_;
  std::array<float, kBins> seen_s_{};
  float total_s_ = 0;
};

}  // namespace pyro::signals
