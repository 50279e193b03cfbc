#include "eye_openness.hpp"

#include <algorithm>
#include <cmath>

namespace pyro::signals {

namespace {

// Open eyes are looked for among eye aspect ratios that an open eye can have (0.19 to 0.46 were seen), near
// the upper end because lids droop and blink but rarely widen. The half-life is long against a minute's
// drowsiness.
constexpr RestingLevel::Prior kOpenEar{.low = 0.15f,
                                       .high = 0.60f,
                                       .level = 0.29f,
                                       .worth = Seconds{2},
                                       .quantile = 0.80f,
                                       .half_life = Seconds{300}};
// The same for eyeBlink, where open is low: 0.01 to 0.33 were seen.
constexpr RestingLevel::Prior kOpenBlink{.low = 0.0f,
                                         .high = 0.40f,
                                         .level = 0.08f,
                                         .worth = Seconds{2},
                                         .quantile = 0.20f,
                                         .half_life = Seconds{300}};
constexpr float kTightest = -0.7f, kWidest = 1.2f;

}  // namespace

EyeOpenness::EyeOpenness(const EyeSettings& settings, float ear_open, float blink_open)
    : settings_(settings),
      ear_open_(ear_open),
      blink_open_(blink_open),
      ear_level_(kOpenEar),
      blink_level_(kOpenBlink) {}

void EyeOpenness::learn(float ear, float blink, Seconds span) {
  ear_level_.add(ear, span);
  blink_level_.add(blink, span);
}

float EyeOpenness::ear_open() const {
  return std::isnan(ear_open_) ? ear_level_.level() : ear_open_;
}
float EyeOpenness::blink_open() const {
  return std::isnan(blink_open_) ? blink_level_.level() : blink_open_;
}

float EyeOpenness::openness(float ear, float blink) const {
  const float ear_shut = settings_.shut_share_of_open * ear_open();
  const float by_geometry = (ear - ear_shut) / (ear_open() - ear_shut);
  const float blink_shut = std::max(settings_.blink_shut, blink_open() + settings_.blink_min_range);
  const float by_blendshape = (blink_shut - blink) / (blink_shut - blink_open());
  float openness = (by_geometry + by_blendshape) / 2;
  if (std::isnan(blink) || settings_.signal == EyeSignal::geometry) openness = by_geometry;
  if (!std::isnan(blink) && settings_.signal == EyeSignal::blendshapes) openness = by_blendshape;
  return std::isnan(openness) ? openness : std::clamp(openness, kTightest, kWidest);
}

}  // namespace pyro::signals
