#include "scale.hpp"

#include <algorithm>
#include <cmath>

#include "markup.hpp"

namespace pyro::html {
namespace {

// The least of 1, 2, 5 × 10^k that gives at most about six steps.
double nice_step(double range) {
  const double rough = range / 6, power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

}  // namespace

Scale::Scale(const Axis& axis, const std::vector<double>& values, double px_from, double px_to, bool bars)
    : log_(axis.log), px_from_(px_from), px_to_(px_to) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const double value : values) {
    if (!shows(value)) continue;
    low = std::min(low, value), high = std::max(high, value);
  }
  if (low > high) low = log_ ? 1 : 0, high = log_ ? 10 : 1;
  if (bars && !log_) low = std::min(low, 0.0), high = std::max(high, 0.0);
  if (axis.from && shows(*axis.from)) low = *axis.from;
  if (axis.to && shows(*axis.to)) high = *axis.to;
  if (low > high) std::swap(low, high);
  if (log_) {
    if (!axis.from) low = std::pow(10, std::floor(std::log10(low) + 1e-9));
    if (!axis.to) high = std::pow(10, std::ceil(std::log10(high) - 1e-9));
    if (low == high) high *= 10;
    from_ = low, to_ = high;
    const double decades = std::log10(to_ / from_);
    const int first = static_cast<int>(std::floor(std::log10(from_) + 1e-9));
    const int last = static_cast<int>(std::floor(std::log10(to_) + 1e-9));
    for (int exponent = first; exponent <= last; ++exponent) {
      for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor > 1 && decades > 2.5) break;
        const double tick = factor * std::pow(10, exponent);
        if (tick >= from_ * (1 - 1e-9) && tick <= to_ * (1 + 1e-9)) ticks_.push_back(tick);
      }
    }
    return;
  }
  if (low == high) {  // one value: some room around it
    const double room = low == 0 ? 1 : std::abs(low) / 2;
    if (!axis.from) low -= bars ? 0 : room;
    if (!axis.to || low == high) high += room;
  }
  step_ = nice_step(high - low);
  from_ = axis.from ? low : std::floor(low / step_ + 1e-9) * step_;
  to_ = axis.to ? high : std::ceil(high / step_ - 1e-9) * step_;
  const auto first = static_cast<long long>(std::ceil(from_ / step_ - 1e-9));
  const auto last = static_cast<long long>(std::floor(to_ / step_ + 1e-9));
  for (long long i = first; i <= last; ++i) ticks_.push_back(static_cast<double>(i) * step_);
}

bool Scale::shows(double value) const {
  return std::isfinite(value) && (!log_ || value > 0);
}

double Scale::px(double value) const {
  const double share =
      log_ ? std::log(value / from_) / std::log(to_ / from_) : (value - from_) / (to_ - from_);
  return px_from_ + share * (px_to_ - px_from_);
}

std::string Scale::tick_text(double tick) const {
  const double size = log_ ? tick : step_;
  const int exponent = static_cast<int>(std::floor(std::log10(size) + 1e-9));
  if (exponent < -4 || std::abs(tick) >= 1e7) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3g", tick);
    return text;
  }
  if (exponent < 0) return fixed(tick, -exponent);
  return grouped(std::llround(tick));
}

}  // namespace pyro::html
