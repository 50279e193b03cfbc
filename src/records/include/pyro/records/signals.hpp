// What a face says in one frame, and what follows from it over time.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

namespace pyro::records {

inline constexpr int kClasses = 7;
enum class Emotion : std::uint8_t { angry, disgust, fear, happy, sad, surprise, neutral };
inline constexpr std::array<std::string_view, kClasses> kEmotionNames{"angry", "disgust",  "fear",   "happy",
                                                                      "sad",   "surprise", "neutral"};

inline constexpr float kNoValue =
    std::numeric_limits<float>::quiet_NaN();  // "not known here", an empty cell in files

// The whole softmax vector, sum 1; a label is only its argmax.
struct Expression {
  std::array<float, kClasses> p{};

  // False where none was read: p is then kNoValue throughout.
  [[nodiscard]] bool known() const { return !std::isnan(p[0]); }
  [[nodiscard]] static Expression none() {
    Expression expression;
    expression.p.fill(kNoValue);
    return expression;
  }
  [[nodiscard]] Emotion label() const {
    std::size_t best = 0;
    for (std::size_t i = 1; i < p.size(); ++i) best = p[i] > p[best] ? i : best;
    return static_cast<Emotion>(best);
  }
};

// Fatigue cues of one face at one instant. Counts and rates run since the face's track began; windows are in
// time, not frames.
struct FatigueCues {
  float ear_right = kNoValue,
        ear_left = kNoValue;  // eye aspect ratio of each eye (Soukupová & Čech 2016), the person's sides
  float eye_openness = kNoValue;  // 0 closed .. 1 this person's open eye
  float perclos = kNoValue;  // share of the last 60 s with eyes at least 80 % closed (Wierwille 1994), 0..1
  float mar = kNoValue;      // mouth aspect ratio, inner lips
  float mouth_openness = kNoValue;  // 0 shut .. 1 wide open
  float mouth_tension = kNoValue;   // 0 relaxed .. 1 pressed or stretched
  bool eyes_closed = false;
  bool blink = false;  // a blink ended in this frame
  bool yawning = false;
  bool nod = false;  // a nod ended in this frame
  std::int32_t blinks = 0, yawns = 0, nods = 0;
  float blink_rate_per_min = kNoValue;  // over the last 60 s (or since the start, from 5 s on)
  float blink_duration_ms = kNoValue;   // of the last blink
};

// S_t of this frame, and the rolling window's values (default 60 s) of PRODUCT.md's formulas.
struct BurnoutScore {
  double step = std::numeric_limits<double>::quiet_NaN();        // S_t
  double mean = std::numeric_limits<double>::quiet_NaN();        // S_burnout over the window
  double volatility = std::numeric_limits<double>::quiet_NaN();  // V over the window
  double final = std::numeric_limits<double>::quiet_NaN();       // S_final over the window
  double index = std::numeric_limits<double>::quiet_NaN();       // 0..100, window
  std::int64_t frames = 0;                                       // valid frames in the window
  // The extended profile only:
  double fatigue = std::numeric_limits<double>::quiet_NaN();  // F of this frame, 0..1
  double z = std::numeric_limits<double>::quiet_NaN();  // window mean against the person's own baseline, in
                                                        // its standard deviations
};

}  // namespace pyro::records
