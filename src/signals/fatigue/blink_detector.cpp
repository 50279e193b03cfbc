#include "blink_detector.hpp"

namespace pyro::signals {

namespace {

// 256 samples at this distance span more than a second, whatever the frame rate.
constexpr double kMinDistance_s = 0.0045;

double crossing(double t0, float a, double t1, float b, float level) {
  return t0 + static_cast<double>((level - a) / (b - a)) * (t1 - t0);
}

}  // namespace

void BlinkDetector::remember(double time_s, float openness) {
  if (count_ == kSamples) {
    first_ = (first_ + 1) % kSamples;
    --count_;
  }
  samples_[(first_ + count_) % kSamples] = {time_s, openness};
  ++count_;
}

std::optional<BlinkDetector::Dip> BlinkDetector::dip_at(const Sample& now) const {
  Dip dip{now.time_s, now.openness, now.openness, now.time_s};
  for (std::size_t i = count_; i-- > 0;) {
    const Sample& past = sample(i);
    if (past.time_s < look_from_s_ || now.time_s - past.time_s > settings_.look_back.count()) break;
    if (past.openness > dip.top) {
      dip.top = past.openness;
      dip.top_s = past.time_s;
    }
  }
  if (dip.top - dip.bottom < settings_.min_drop) return std::nullopt;
  return dip;
}

std::optional<Blink> BlinkDetector::blink_of(const Dip& dip) const {
  const float half = (dip.top + dip.bottom) / 2;
  std::size_t bottom = count_ - 1;
  while (bottom > 0 && sample(bottom).time_s > dip.bottom_s) --bottom;
  std::size_t before = bottom, after = bottom;
  while (before > 0 && sample(before).openness < half) --before;
  while (after + 1 < count_ && sample(after).openness < half) ++after;
  if (before == bottom || after == bottom) return std::nullopt;
  const Sample& a = sample(before);
  const Sample& b = sample(before + 1);
  const Sample& c = sample(after - 1);
  const Sample& d = sample(after);
  if (a.openness < half || d.openness < half) return std::nullopt;
  return Blink{Seconds{crossing(a.time_s, a.openness, b.time_s, b.openness, half)},
               Seconds{crossing(c.time_s, c.openness, d.time_s, d.openness, half)}};
}

std::optional<Blink> BlinkDetector::update(Seconds time, float openness) {
  const Sample now{time.count(), openness};
  if (count_ > 0 && now.time_s - sample(count_ - 1).time_s < kMinDistance_s) return std::nullopt;
  remember(now.time_s, now.openness);
  if (!dip_) {
    dip_ = dip_at(now);
    return std::nullopt;
  }
  if (now.openness < dip_->bottom) {
    dip_->bottom = now.openness;
    dip_->bottom_s = now.time_s;
  }
  if (now.time_s - dip_->top_s > 2 * settings_.longest.count()) {  // shut for long: no blink any more
    look_from_s_ = now.time_s;
    dip_.reset();
    return std::nullopt;
  }
  const float drop = dip_->top - dip_->bottom;
  if (now.openness < dip_->bottom + settings_.recovered * drop) return std::nullopt;
  const std::optional<Blink> blink = blink_of(*dip_);
  const bool deep = dip_->bottom <= settings_.max_bottom;
  look_from_s_ = now.time_s;
  dip_.reset();
  if (!blink || !deep) return std::nullopt;
  const Seconds duration = blink->end - blink->begin;
  return duration >= settings_.shortest && duration <= settings_.longest ? blink : std::nullopt;
}

}  // namespace pyro::signals
