// Which expressions and cues moved a session's score, step by step, adding up to the score's change.
//
// S_t is a sum of ten parts: each class's probability times its weight, and in the extended profile delta
// times what each cue adds to F. So the mean of S_t over a step is the sum of the parts' means, and its
// change from one step to the next the sum of theirs. Volatility V = (1/T) sum (S_t - S)^2 is no sum over
// frames of the parts, but the sum of the parts' covariances with S_t (Euler's allocation of a variance), so
// S_final = lambda S + (1 - lambda) V splits exactly too.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/base/time.hpp"
#include "pyro/records/signals.hpp"
#include "pyro/report/frames_reader.hpp"
#include "pyro/score/moments.hpp"
#include "pyro/score/parts.hpp"
#include "pyro/score/scorer.hpp"

namespace pyro::explain {

inline constexpr std::size_t kParts = records::kClasses + 3;
// The seven of kEmotionNames, then the cues of F.
inline constexpr std::array<std::string_view, kParts> kPartNames{
    "angry", "disgust", "fear", "happy", "sad", "surprise", "neutral", "perclos", "blink_duration", "yawns"};
using Parts = std::array<double, kParts>;

// The parts of one frame's S_t; they sum to score::step.
[[nodiscard]] Parts parts_of(const score::Probabilities& p, const score::FatigueParts& fatigue,
                             const score::ScoreSettings& settings);

// A step or the session: its score, and what of it each part makes. Not numbers where no frame is valid.
struct Level {
  std::int64_t frames = 0, valid = 0;  // rows of the person; those with a score
  double score = 0;                    // S, mean of S_t over the valid frames
  double volatility = 0;               // V
  double final_score = 0;              // S_final
  Parts score_parts{};                 // sum to score
  Parts volatility_parts{};            // sum to volatility; a part that moves against the score is below 0
  Parts final_parts{};                 // sum to final_score
};

// The change against the last earlier step that has a score.
struct Change {
  std::size_t since = 0;  // that step's index in PersonStory::steps
  double score = 0, final_score = 0;
  Parts score_parts{}, final_parts{};  // sum to score and final_score
};

struct Step {
  std::int64_t number = 0;  // covers [number, number + 1) times the step's length from the first row on
  Level level;
  std::optional<Change> change;  // none for the first step with a score, and for one without
};

struct PersonStory {
  std::int64_t face_id = 0;
  Level session;
  // From the first to the last with this person, without holes: a step in which they were away has 0 frames.
  std::vector<Step> steps;
};

// Sums that parts and score need, of frames that come one by one.
class LevelMeter {
 public:
  void add_gap() { ++frames_; }
  void add(double step, const Parts& parts);
  [[nodiscard]] Level level(const score::ScoreSettings& settings) const;

 private:
  std::int64_t frames_ = 0;
  score::Moments score_;
  std::array<score::Moments, kParts> parts_;
  Parts together_{};  // sum of (part - its mean) (S_t - S)
};

// One person's rows in order of time. Not thread-safe.
class StoryTeller {
 public:
  StoryTeller(std::int64_t face_id, const score::ScoreSettings& settings)
      : face_id_(face_id), settings_(settings), scorer_(settings) {}
  // `step`: the number of the step that the row falls into; it never goes back.
  void add(std::int64_t step, Seconds time, bool valid, const score::Probabilities& p,
           const records::FatigueCues& cues);
  [[nodiscard]] PersonStory story() const;

 private:
  std::int64_t face_id_;
  score::ScoreSettings settings_;
  score::Scorer scorer_;
  LevelMeter session_;
  std::map<std::int64_t, LevelMeter> steps_;
};

inline constexpr Seconds kMinute{60};
inline constexpr std::int64_t kMostSteps = 100'000;  // of a session: more is a broken time column

// Every person's story, by face_id. Errors: those of the reader; wrong_use, `length` is not within 1 s to an
// hour; bad_input, the rows span more than kMostSteps.
[[nodiscard]] Result<std::vector<PersonStory>> explain_recorded(report::FramesReader& frames,
                                                                const score::ScoreSettings& settings,
                                                                Seconds length = kMinute);

}  // namespace pyro::explain
