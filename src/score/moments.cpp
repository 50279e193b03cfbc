#include "pyro/score/moments.hpp"

#include <algorithm>
#include <limits>

namespace pyro::score {

void Moments::move_mean(double by) {
  by += mean_rest;
  const double moved = mean + by;
  const double taken = moved - mean;  // Knuth's two-sum: the rest is exact whichever is larger
  mean_rest = (mean - (moved - taken)) + (by - taken);
  mean = moved;
}

void Moments::add(double x) {
  ++count;
  const double distance = (x - mean) - mean_rest;
  move_mean(distance / static_cast<double>(count));
  squares += distance * ((x - mean) - mean_rest);
}

void Moments::add(const Moments& other) {
  if (other.count == 0) return;
  if (count == 0) {
    *this = other;
    return;
  }
  const auto mine = static_cast<double>(count), theirs = static_cast<double>(other.count);
  const double distance = (other.mean - mean) + (other.mean_rest - mean_rest);
  move_mean(distance * (theirs / (mine + theirs)));
  squares += other.squares + distance * distance * (mine * theirs / (mine + theirs));
  count += other.count;
}

double Moments::variance() const {
  return count > 0 ? squares / static_cast<double>(count) : std::numeric_limits<double>::quiet_NaN();
}

RollingMoments::RollingMoments(Seconds span) : span_s_(span.count()), ring_(2048) {}

void RollingMoments::add(Seconds time, double x) {
  advance(time);
  if (size_ == ring_.size()) grow();
  at(size_++) = {now_s_, x, 0, 0, 0};
  newer_.add(x);
}

void RollingMoments::advance(Seconds time) {
  now_s_ = std::max(now_s_, time.count());
  while (size_ > 0 && at(0).time_s <= now_s_ - span_s_) {
    if (older_ == 0) turn();
    first_ = (first_ + 1) & (ring_.size() - 1);
    --size_;
    --older_;
  }
}

Moments RollingMoments::moments() const {
  Moments all;
  if (older_ > 0) {
    all.count = static_cast<std::int64_t>(older_);
    all.mean = at(0).mean;
    all.mean_rest = at(0).mean_rest;
    all.squares = at(0).squares;
  }
  all.add(newer_);
  return all;
}

void RollingMoments::turn() {
  Moments after;
  for (std::size_t i = size_; i-- > 0;) {
    Entry& entry = at(i);
    after.add(entry.x);
    entry.mean = after.mean;
    entry.mean_rest = after.mean_rest;
    entry.squares = after.squares;
  }
  older_ = size_;
  newer_ = {};
}

void RollingMoments::grow() {
  std::vector<Entry> larger(ring_.size() * 2);
  for (std::size_t i = 0; i < size_; ++i) larger[i] = at(i);
  ring_ = std::move(larger);
  first_ = 0;
}

}  // namespace pyro::score
