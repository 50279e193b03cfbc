// Mean and variance of numbers that come one by one, of all of them or of the last seconds. Nothing is ever
// subtracted from a sum, so nothing cancels: over millions of steps both stay within 1e-9 of the two-pass
// formula.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "pyro/base/time.hpp"

namespace pyro::score {

// Welford 1962 one by one, Chan, Golub & LeVeque 1979 for two halves. The mean carries the rest that does not
// fit into its last digit: beside a large mean, single steps are smaller than that digit and would be lost.
struct Moments {
  std::int64_t count = 0;
  double mean = 0;
  double mean_rest = 0;
  double squares = 0;  // sum of (x - mean)^2

  void add(double x);
  void add(const Moments& other);
  [[nodiscard]] double variance() const;  // over count, not count - 1; NaN when empty

 private:
  void move_mean(double by);
};

// The moments of the numbers of the last `span` of time: those with a time in (now - span, now].
//
// A queue made of two stacks. Newer numbers are summed up as they come; for the older ones each holds the
// moments of itself and all that follow it among the older ones, so letting the oldest go is only a step.
// When no older one is left, the newer become the older in one pass: a few steps per number on average.
// Memory is that of the numbers inside; it grows while the span fills and never after.
class RollingMoments {
 public:
  explicit RollingMoments(Seconds span);

  // Times do not go back: one that does counts as the latest seen.
  void add(Seconds time, double x);
  void advance(Seconds time);  // lets go of what is too old
  [[nodiscard]] Moments moments() const;

 private:
  struct Entry {
    double time_s, x;
    double mean, mean_rest, squares;  // of this and the older ones after it; only for older ones
  };
  [[nodiscard]] Entry& at(std::size_t i) { return ring_[(first_ + i) & (ring_.size() - 1)]; }
  [[nodiscard]] const Entry& at(std::size_t i) const { return ring_[(first_ + i) & (ring_.size() - 1)]; }
  void turn();  // the newer become the older
  void grow();

  double span_s_;
  double now_s_ = -std::numeric_limits<double>::infinity();
  std::vector<Entry> ring_;  // size is a power of two
  std::size_t first_ = 0, size_ = 0;
  std::size_t older_ = 0;  // of size_
  Moments newer_;
};

}  // namespace pyro::score
