// How often one caller may ask: a bucket that fills at a steady rate, for each account or address.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <unordered_map>

namespace pyro::serve {

class Throttle {
 public:
  struct Rate {
    double per_second = 100, burst = 300;
  };
  explicit Throttle(Rate rate) : rate_(rate) {}

  // 0: go on; else the seconds after which to try again.
  [[nodiscard]] int wait_s(const std::string& who) {
    using Clock = std::chrono::steady_clock;
    const Clock::time_point now = Clock::now();
    const std::lock_guard lock{mutex_};
    if (buckets_.size() > kMostBuckets)
      buckets_.clear();  // a flood of addresses is given a fresh start rather than all memory
    Bucket& bucket = buckets_.try_emplace(who, Bucket{rate_.burst, now}).first->second;
    bucket.left = std::min(
        rate_.burst, bucket.left + rate_.per_second * std::chrono::duration<double>(now - bucket.at).count());
    bucket.at = now;
    if (bucket.left < 1) return static_cast<int>((1 - bucket.left) / rate_.per_second) + 1;
    bucket.left -= 1;
    return 0;
  }

 private:
  static constexpr std::size_t kMostBuckets = 100'000;
  struct Bucket {
    double left;
    std::chrono::steady_clock::time_point at;
  };
  Rate rate_;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace pyro::serve
