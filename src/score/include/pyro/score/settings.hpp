// The settings of the burnout score, their meaning and defaults.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pyro/base/result.hpp"
#include "pyro/base/time.hpp"

namespace pyro::score {

enum class Profile : std::uint8_t {
  thesis,    // the published formula alone
  extended,  // with the fatigue term and each person's own baseline
};
[[nodiscard]] constexpr std::string_view name_of(Profile profile) {
  return profile == Profile::extended ? "extended" : "thesis";
}

// How a person's S_t lies when they rest.
struct Baseline {
  double mean = 0;
  double deviation = 0;  // standard deviation of S_t
  std::int64_t frames = 0;
};

// Why these defaults. alpha = beta: an angry second and a happy second cancel. gamma = 0: as the seven
// probabilities sum to 1, S = gamma + (alpha - gamma) N - (beta + gamma) P, so only gamma = 0 keeps a resting
// face at zero and lets strain and happiness weigh the same; surprise has no valence of its own. lambda =
// 0.7: the mean is the finding and volatility qualifies it; V nears its theoretical maximum only in a face
// that jumps between the extremes, so more weight on it would mostly press every index down. No survey has
// confirmed these values yet.
struct ScoreSettings {
  double alpha = 1;     // weight of angry, disgust, fear, sad; >= 0
  double beta = 1;      // weight of happy, counts against strain; >= 0
  double gamma = 0;     // weight of neutral and surprise; >= 0
  double lambda = 0.7;  // mean against volatility in S_final and index, 0..1
  Seconds window{60};   // of the rolling values, > 0, at most an hour
  Profile profile = Profile::thesis;

  // The extended profile only:
  double delta =
      0.5;  // weight of the fatigue term F (0..1), half of what a wholly strained face weighs; >= 0
  Seconds baseline{20};  // from a person's first valid frame: their own rest, against which z is taken; > 0
  std::optional<Baseline> known_baseline{};  // taken instead, for whoever is seen
};

// wrong_use, naming the setting, its value and what is allowed.
[[nodiscard]] Status validate(const ScoreSettings& settings);

// All that changes a number, in one stable line:
// "alpha=1;beta=1;gamma=0;lambda=0.7;window_s=60;profile=thesis", and in the extended profile
// ";delta=0.5;baseline_s=20". Numbers in their shortest form that reads back the same.
[[nodiscard]] std::string settings_text(const ScoreSettings& settings);

// FNV-1a (64 bits) of a text, 16 lower-case hexadecimal digits: tells settings apart, no protection against
// anybody.
[[nodiscard]] std::string stable_hash(std::string_view text);

}  // namespace pyro::score
