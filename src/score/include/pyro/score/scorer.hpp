// One person's burnout score over time: the rolling values that are shown live, and the whole session's.
// Not thread-safe; one object per person. Nothing is allocated while frames come, but for a window that
// grows.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>

#include "pyro/records/signals.hpp"
#include "pyro/score/formula.hpp"
#include "pyro/score/moments.hpp"
#include "pyro/score/settings.hpp"

namespace pyro::score {

// The whole session's score: every valid frame so far counts the same.
class SessionScore {
 public:
  explicit SessionScore(const ScoreSettings& settings) : settings_(settings) {}

  void add(double step);  // S_t of a valid frame

  // NaN while no frame was valid.
  [[nodiscard]] std::int64_t valid_frames() const { return moments_.count; }
  [[nodiscard]] double min() const;
  [[nodiscard]] double max() const;
  [[nodiscard]] double mean() const;        // S_burnout
  [[nodiscard]] double volatility() const;  // V
  [[nodiscard]] double final_score() const;
  [[nodiscard]] double index() const;  // 0..100

 private:
  ScoreSettings settings_;
  Moments moments_;
  double min_ = 0, max_ = 0;
};

// A rest so even that its deviation is rounding would make any twitch a large z: this much is the least
// taken.
inline constexpr double kLeastDeviation = 0.05;

// Learns a person's baseline from their first seconds (settings.baseline, from the first valid frame on).
class RestMeter {
 public:
  explicit RestMeter(const ScoreSettings& settings)
      : needed_(settings.baseline), baseline_(settings.known_baseline) {}

  void add(Seconds time, double step);  // S_t of a valid frame
  // The known one, or what was learned once its time has passed.
  [[nodiscard]] const std::optional<Baseline>& baseline() const { return baseline_; }

 private:
  Seconds needed_;
  std::optional<Baseline> baseline_;
  Moments rest_;
  std::optional<Seconds> began_;
};

class Scorer {
 public:
  explicit Scorer(const ScoreSettings& settings);  // which must have passed validate()

  // Takes the next frame of this person, valid or not (a gap moves the window and adds nothing), and gives
  // S_t and the window's values at that time. A frame without an expression (not a number) is a gap.
  records::BurnoutScore update(Seconds time, bool valid, const records::Expression& expression,
                               const records::FatigueCues& cues);
  // The same from recorded numbers.
  records::BurnoutScore update_recorded(Seconds time, bool valid, const Probabilities& p,
                                        const records::FatigueCues& cues);

  [[nodiscard]] const SessionScore& session() const { return session_; }
  // Extended profile.
  [[nodiscard]] const std::optional<Baseline>& baseline() const { return rest_.baseline(); }

 private:
  double fatigue(Seconds time, const records::FatigueCues& cues);

  ScoreSettings settings_;
  RollingMoments window_;
  SessionScore session_;
  RestMeter rest_;
  std::int32_t yawns_seen_ = 0;
  std::array<Seconds, kYawnsForFull> last_yawns_;
  std::size_t next_yawn_ = 0;
};

}  // namespace pyro::score
