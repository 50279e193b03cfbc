// The columns of frames.csv that a study aggregates, besides the score.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "pyro/records/face.hpp"
#include "pyro/records/signals.hpp"

namespace pyro::study {

// Between the seven probabilities and the 52 actions.
inline constexpr std::array<std::string_view, 17> kCueNames{
    "valid",    "eye_openness", "mouth_openness", "mouth_tension", "perclos",   "eyes_closed",
    "blink",    "yawning",      "yaw_deg",        "pitch_deg",     "roll_deg",  "ear_right",
    "ear_left", "mar",          "size_px",        "sharpness",     "brightness"};
inline constexpr std::size_t kCues = kCueNames.size();
inline constexpr std::size_t kSignals = records::kClasses + kCues + records::kBlendshapes;

[[nodiscard]] constexpr std::size_t cue(std::string_view name) {
  std::size_t i = 0;
  while (kCueNames.at(i) != name) ++i;
  return records::kClasses + i;
}
// As in frames.csv: "angry" … "brightness", "bs__neutral" … "bs_noseSneerRight".
[[nodiscard]] inline std::string signal_name(std::size_t signal) {
  if (signal < records::kClasses) return std::string{records::kEmotionNames[signal]};
  if (signal < records::kClasses + kCues) return std::string{kCueNames[signal - records::kClasses]};
  return "bs_" + std::string{records::kBlendshapeNames[signal - records::kClasses - kCues]};
}

}  // namespace pyro::study
