// How one face did over the last minute: how much of it could be read, and where its index goes.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

#include "pyro/records/observation.hpp"

namespace pyro::live {

class Lately {
 public:
  static constexpr std::int64_t kWindow_s = 60, kLeastForTrend_s = 10;

  // The next frame of the session, from the one on in which the face was seen first; nullptr: it is not in
  // this one.
  void add(Seconds time, const records::Observation* seen) {
    const auto second = static_cast<std::int64_t>(std::floor(time.count()));
    Bucket& bucket = buckets_[static_cast<std::size_t>(second % kWindow_s)];
    if (bucket.second != second) {
      bucket = {};
      bucket.second = second;
    }
    ++bucket.frames;
    now_ = second;
    if (seen != nullptr) last_seen_ = second;
    if (seen == nullptr || !seen->valid) return;
    ++bucket.valid;
    if (std::isfinite(seen->score.index)) bucket.index = seen->score.index;
  }

  // Valid frames among all of the window; 0..1.
  [[nodiscard]] double confidence() const {
    std::int64_t frames = 0, valid = 0;
    for (const Bucket& one : buckets_) {
      if (!current(one)) continue;
      frames += one.frames;
      valid += one.valid;
    }
    return frames == 0 ? 0 : static_cast<double>(valid) / static_cast<double>(frames);
  }

  // Slope of the straight line through the last index of each second, in points of the index a minute. NaN
  // before there are ten.
  [[nodiscard]] double index_per_min() const {
    double n = 0, x = 0, y = 0, xx = 0, xy = 0;
    for (const Bucket& one : buckets_) {
      if (!current(one) || !std::isfinite(one.index)) continue;
      const auto ago_min = static_cast<double>(one.second - now_) / 60;
      n += 1, x += ago_min, y += one.index, xx += ago_min * ago_min, xy += ago_min * one.index;
    }
    if (n < kLeastForTrend_s) return std::numeric_limits<double>::quiet_NaN();
    return (n * xy - x * y) / (n * xx - x * x);
  }
  [[nodiscard]] bool gone() const { return now_ - last_seen_ > kWindow_s; }

 private:
  struct Bucket {
    std::int64_t second = -1;
    std::int32_t frames = 0, valid = 0;
    double index = std::numeric_limits<double>::quiet_NaN();
  };
  [[nodiscard]] bool current(const Bucket& one) const {
    return one.second >= 0 && one.second > now_ - kWindow_s;
  }

  std::array<Bucket, kWindow_s> buckets_{};
  std::int64_t now_ = 0, last_seen_ = 0;
};

}  // namespace pyro::live
