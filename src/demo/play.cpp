#include <deque>

#include "pyro/demo/people.hpp"
#include "pyro/score/scorer.hpp"

namespace pyro::demo {
namespace {

constexpr float kClosedBelow = 0.2F;   // of eye openness: at least 80 % closed
constexpr Seconds kLongestBlink{0.5};  // longer ones are closures
constexpr Seconds kRateWindow{60}, kLeastForRate{5};

// Blinks are counted from the eyes' openness, as a camera's are.
class Blinks {
 public:
  void frame(Seconds time, records::FatigueCues& cues) {
    cues.eyes_closed = cues.eye_openness < kClosedBelow;
    if (cues.eyes_closed && !closed_) since_ = time;
    if (!cues.eyes_closed && closed_ && time - since_ <= kLongestBlink) {
      cues.blink = true;
      ++count_;
      duration_ms_ = static_cast<float>(1000 * (time - since_).count());
      recent_.push_back(time);
    }
    closed_ = cues.eyes_closed;
    while (!recent_.empty() && recent_.front() <= time - kRateWindow) recent_.pop_front();
    cues.blinks = count_;
    cues.blink_duration_ms = duration_ms_;
    if (const Seconds seen = std::min(time, kRateWindow); seen >= kLeastForRate)
      cues.blink_rate_per_min = static_cast<float>(60 * static_cast<double>(recent_.size()) / seen.count());
  }

 private:
  bool closed_ = false;
  Seconds since_{0};
  std::int32_t count_ = 0;
  float duration_ms_ = records::kNoValue;
  std::deque<Seconds> recent_;
};

}  // namespace

void play(const DemoSession& session, const score::ScoreSettings& settings,
          const std::function<void(const records::Observation&)>& take) {
  score::Scorer scorer(settings);
  Blinks blinks;
  records::Observation out;
  out.face.face_id = 0;
  out.face.box.x = 240, out.face.box.y = 90, out.face.box.width = 160, out.face.box.height = 200;
  for (float* unknown :
       {&out.face.pose.yaw_deg, &out.face.pose.pitch_deg, &out.face.pose.roll_deg, &out.face.quality.size_px,
        &out.face.quality.sharpness, &out.face.quality.brightness, &out.face.quality.contrast,
        &out.face.quality.presence, &out.face.quality.inside_fraction})
    *unknown = records::kNoValue;
  for (std::size_t i = 0; i < session.frames.size(); ++i) {
    const forecast::SimulatedFrame& frame = session.frames[i];
    out.frame = static_cast<std::int64_t>(i);
    out.time = Seconds{frame.time_s};
    out.utc = session.started + std::chrono::round<std::chrono::microseconds>(out.time);
    out.valid = frame.valid;
    out.face.quality.reason = frame.valid ? records::GapReason::none : records::GapReason::turned_away;
    out.expression = records::Expression::none();
    out.fatigue = {};
    if (frame.valid) {
      for (std::size_t k = 0; k < frame.p.size(); ++k) out.expression.p[k] = static_cast<float>(frame.p[k]);
      out.fatigue.eye_openness = frame.eye_openness;
      out.fatigue.mouth_openness = frame.mouth_openness;
      out.fatigue.perclos = frame.perclos;
      blinks.frame(out.time, out.fatigue);
    }
    out.score = scorer.update(out.time, out.valid, out.expression, out.fatigue);
    take(out);
  }
}

}  // namespace pyro::demo
