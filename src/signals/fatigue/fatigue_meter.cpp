#include "pyro/signals/fatigue_meter.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "blink_detector.hpp"
#include "closure_window.hpp"
#include "eye_openness.hpp"
#include "nod_detector.hpp"
#include "pyro/signals/face_measures.hpp"
#include "yawn_detector.hpp"

namespace pyro::signals {

namespace {

// A shut mouth: low, but above what a mesh of pressed lips gives.
constexpr RestingLevel::Prior kShutMouth{.low = 0.0f,
                                         .high = 0.30f,
                                         .level = 0.02f,
                                         .worth = Seconds{2},
                                         .quantile = 0.20f,
                                         .half_life = Seconds{300}};

// Turned to the side, the far eye is hidden and its points are guessed: from 20° on its vote fades, at 40° it
// has none.
float far_eye_weight(float yaw_deg) {
  return std::clamp((40 - std::abs(yaw_deg)) / 20, 0.0f, 1.0f);
}

float weighted(EyePair eyes, float yaw_deg) {
  const float far = far_eye_weight(yaw_deg);
  // Yaw > 0 turns to the person's left: the right eye is the near one.
  const float right = yaw_deg > 0 ? 1 : far;
  const float left = yaw_deg > 0 ? far : 1;
  return (right * eyes.right + left * eyes.left) / (right + left);
}

}  // namespace

struct FatigueMeter::Impl {
  FatigueSettings settings;
  FatigueCalibration calibration;
  EyeOpenness right, left;
  RestingLevel mouth{kShutMouth};
  BlinkDetector blinks;
  YawnDetector yawns;
  NodDetector nods;
  ClosureWindow window;
  Seconds watched{0};

  std::optional<Seconds> last_time;  // of any update or gap
  std::optional<Seconds> last_seen;  // of the reading that the next one connects to
  bool last_shut = false;
  bool missed = false;          // a frame without a usable face came since
  records::FatigueCues counts;  // the counters and the last blink's duration; all else stays "not known"

  Impl(const FatigueSettings& chosen, const FatigueCalibration& known)
      : settings(chosen),
        calibration(known),
        right(chosen.eyes, known.ear_open_right, known.blink_open_right),
        left(chosen.eyes, known.ear_open_left, known.blink_open_left),
        blinks(chosen.blinks),
        yawns(chosen.yawns),
        nods(chosen.nods) {}

  // Takes the time; false if it does not move on.
  bool advance(Seconds time) {
    if (last_time && time <= *last_time) return false;
    last_time = time;
    window.advance(time);
    if (last_seen && time - *last_seen > settings.longest_gap) {
      last_seen.reset();
      blinks.reset();
      yawns.reset();
      nods.reset();
    }
    return true;
  }

  void measure_eyes(Seconds time, const records::FaceMesh& face, records::FatigueCues& cues) {
    const EyePair ear = eye_aspect_ratio(face);
    const EyePair blink = eye_blink(face);
    cues.ear_right = ear.right;
    cues.ear_left = ear.left;
    if (last_seen) {
      right.learn(ear.right, blink.right, time - *last_seen);
      left.learn(ear.left, blink.left, time - *last_seen);
    }
    const float openness = weighted(
        {right.openness(ear.right, blink.right), left.openness(ear.left, blink.left)}, face.pose.yaw_deg);
    cues.eye_openness = std::clamp(openness, 0.0f, 1.0f);
    cues.eyes_closed = openness <= settings.eyes.closed_below;
    if (last_seen && !missed) {  // each reading stands for the time nearest to it
      const Seconds middle = *last_seen + (time - *last_seen) / 2;
      window.add(*last_seen, middle, last_shut);
      window.add(middle, time, cues.eyes_closed);
      watched += time - *last_seen;
    }
    last_shut = cues.eyes_closed;
    if (const std::optional<Blink> ended = blinks.update(time, openness)) {
      ++counts.blinks;
      counts.blink_duration_ms = static_cast<float>((ended->end - ended->begin).count() * 1e3);
      window.add_blink(time);
      cues.blink = true;
    }
  }

  void measure_mouth(Seconds time, const records::FaceMesh& face, records::FatigueCues& cues) {
    cues.mar = mouth_aspect_ratio(face);
    if (last_seen) mouth.add(cues.mar, time - *last_seen);
    const float shut = std::isnan(calibration.mar_shut) ? mouth.level() : calibration.mar_shut;
    // A mouth that is open at rest must not make a yawn small: at most half of the scale is taken away.
    const float rest = std::min(shut, settings.mouth_wide_mar / 2);
    cues.mouth_openness = std::clamp((cues.mar - rest) / (settings.mouth_wide_mar - rest), 0.0f, 1.0f);
    cues.mouth_tension = mouth_tension(face);
    if (yawns.update(time, cues.mar)) ++counts.yawns;
    cues.yawning = yawns.yawning();
  }

  // Counts and windows into the cues of this frame.
  void sum_up(records::FatigueCues& cues) const {
    cues.blinks = counts.blinks;
    cues.yawns = counts.yawns;
    cues.nods = counts.nods;
    cues.blink_duration_ms = counts.blink_duration_ms;
    const Seconds seen = window.seen();
    if (seen >= settings.perclos_from) cues.perclos = static_cast<float>(window.shut_share());
    if (seen >= settings.rate_from) {
      cues.blink_rate_per_min = static_cast<float>(window.blinks() * 60.0 / seen.count());
    }
  }
};

FatigueMeter::FatigueMeter(const FatigueSettings& settings, const FatigueCalibration& calibration)
    : impl_(std::make_unique<Impl>(settings, calibration)) {}
FatigueMeter::~FatigueMeter() = default;
FatigueMeter::FatigueMeter(FatigueMeter&&) noexcept = default;
FatigueMeter& FatigueMeter::operator=(FatigueMeter&&) noexcept = default;

records::FatigueCues FatigueMeter::update(Seconds time, const records::FaceMesh& face) {
  const bool usable =
      face.point_count >= records::kMeshPointsFast && face.quality.reason == records::GapReason::none &&
      !std::isnan(eye_aspect_ratio(face).right + eye_aspect_ratio(face).left + mouth_aspect_ratio(face));
  records::FatigueCues cues;
  if (impl_->advance(time) && usable) {
    impl_->measure_eyes(time, face, cues);
    impl_->measure_mouth(time, face, cues);
    if (impl_->nods.update(time, face.pose.pitch_deg, face.pose.yaw_deg)) {
      ++impl_->counts.nods;
      cues.nod = true;
    }
    impl_->last_seen = time;
    impl_->missed = false;
  } else {
    impl_->missed = true;
  }
  impl_->sum_up(cues);
  return cues;
}

records::FatigueCues FatigueMeter::gap(Seconds time) {
  impl_->advance(time);
  impl_->missed = true;
  records::FatigueCues cues;
  impl_->sum_up(cues);
  return cues;
}

Result<FatigueCalibration> FatigueMeter::calibration(Seconds needed) const {
  if (impl_->watched < needed) {
    return wrong_use("the neutral face was seen for " + std::to_string(impl_->watched.count()) + " s, but " +
                     std::to_string(needed.count()) +
                     " s are needed; keep looking at the camera and try again");
  }
  return FatigueCalibration{.ear_open_right = impl_->right.ear_open(),
                            .ear_open_left = impl_->left.ear_open(),
                            .blink_open_right = impl_->right.blink_open(),
                            .blink_open_left = impl_->left.blink_open(),
                            .mar_shut = impl_->mouth.level()};
}

}  // namespace pyro::signals
