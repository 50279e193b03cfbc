#include "pyro/score/scorer.hpp"

#include <algorithm>
#include <cmath>

namespace pyro::score {
namespace {
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
}

void SessionScore::add(double step) {
  min_ = moments_.count == 0 ? step : std::min(min_, step);
  max_ = moments_.count == 0 ? step : std::max(max_, step);
  moments_.add(step);
}
double SessionScore::min() const {
  return moments_.count > 0 ? min_ : kNone;
}
double SessionScore::max() const {
  return moments_.count > 0 ? max_ : kNone;
}
double SessionScore::mean() const {
  return moments_.count > 0 ? moments_.mean : kNone;
}
double SessionScore::volatility() const {
  return moments_.variance();
}
double SessionScore::final_score() const {
  return score::final_score(mean(), volatility(), settings_);
}
double SessionScore::index() const {
  return score::index(mean(), volatility(), settings_);
}

void RestMeter::add(Seconds time, double step) {
  if (baseline_) return;
  if (!began_) began_ = time;
  if (time - *began_ < needed_) {
    rest_.add(step);
  } else {
    baseline_ = Baseline{rest_.mean, std::sqrt(rest_.variance()), rest_.count};
  }
}

Scorer::Scorer(const ScoreSettings& settings)
    : settings_(settings), window_(settings.window), session_(settings), rest_(settings) {
  last_yawns_.fill(Seconds{-std::numeric_limits<double>::infinity()});
}

records::BurnoutScore Scorer::update(Seconds time, bool valid, const records::Expression& expression,
                                     const records::FatigueCues& cues) {
  return update_recorded(time, valid, probabilities(expression), cues);
}

records::BurnoutScore Scorer::update_recorded(Seconds time, bool valid, const Probabilities& p,
                                              const records::FatigueCues& cues) {
  records::BurnoutScore out;
  const bool extended = settings_.profile == Profile::extended;
  if (extended && valid) out.fatigue = fatigue(time, cues);
  if (valid && known(p)) {
    out.step = step(p, settings_, out.fatigue);
    window_.add(time, out.step);
    session_.add(out.step);
    if (extended) rest_.add(time, out.step);
  } else {
    window_.advance(time);
  }
  const Moments recent = window_.moments();
  out.frames = recent.count;
  if (recent.count == 0) return out;
  out.mean = recent.mean;
  out.volatility = recent.variance();
  out.final = final_score(out.mean, out.volatility, settings_);
  out.index = index(out.mean, out.volatility, settings_);
  if (const auto& rest = rest_.baseline(); extended && rest) {
    out.z = (out.mean - rest->mean) / std::max(rest->deviation, kLeastDeviation);
  }
  return out;
}

double Scorer::fatigue(Seconds time, const records::FatigueCues& cues) {
  // A recorded count may leap by any number; more than the memory holds changes nothing.
  const std::int32_t fresh = std::clamp(cues.yawns - yawns_seen_, 0, kYawnsForFull);
  for (std::int32_t i = 0; i < fresh; ++i) {
    last_yawns_[next_yawn_] = time;
    next_yawn_ = (next_yawn_ + 1) % last_yawns_.size();
  }
  yawns_seen_ = std::max(yawns_seen_, cues.yawns);
  const auto recent = std::count_if(last_yawns_.begin(), last_yawns_.end(),
                                    [&](Seconds yawn) { return yawn > time - kYawnMemory; });
  return fatigue_term(cues, static_cast<int>(recent));
}

}  // namespace pyro::score
