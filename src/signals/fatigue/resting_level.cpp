#include "resting_level.hpp"

#include <algorithm>
#include <cmath>

namespace pyro::signals {

void RestingLevel::add(float value, Seconds span) {
  const float weight_s = static_cast<float>(span.count());
  if (!(value >= prior_.low && value < prior_.high) || weight_s <= 0) return;
  const float keep = std::exp2(-weight_s / static_cast<float>(prior_.half_life.count()));
  for (float& bin : seen_s_) bin *= keep;
  const float place = (value - prior_.low) / (prior_.high - prior_.low) * static_cast<float>(kBins);
  seen_s_[std::min(static_cast<std::size_t>(place), kBins - 1)] += weight_s;
  total_s_ = total_s_ * keep + weight_s;
}

float RestingLevel::level() const {
  const float prior_s = static_cast<float>(prior_.worth.count());
  if (total_s_ <= 0) return prior_.level;
  const float wanted = prior_.quantile * total_s_;
  float below = 0;
  std::size_t bin = 0;
  while (bin + 1 < kBins && below + seen_s_[bin] < wanted) below += seen_s_[bin++];
  const float inside = seen_s_[bin] > 0 ? std::clamp((wanted - below) / seen_s_[bin], 0.0f, 1.0f) : 0.0f;
  const float width = (prior_.high - prior_.low) / static_cast<float>(kBins);
  const float quantile = prior_.low + (static_cast<float>(bin) + inside) * width;
  return (quantile * total_s_ + prior_.level * prior_s) / (total_s_ + prior_s);
}

}  // namespace pyro::signals
