// Colours by name, the same in every report. The style sheet gives each a shade for light and one for dark
// paper, both with at least 3:1 against the paper (WCAG 2.1, 1.4.11). Hues after Okabe & Ito 2008, which
// people with any of the usual colour blindnesses tell apart; beside a colour there is always a word.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pyro::html {

enum class Tint : std::uint8_t {
  // The seven classes, in their order everywhere.
  angry,
  disgust,
  fear,
  happy,
  sad,
  surprise,
  neutral,
  accent,  // the page's own colour: one series, links
  muted,   // what stands behind: references, diagonals
  good,
  warning,
};
inline constexpr int kTints = 11;

// `label`: 0 angry .. 6 neutral; anything else is muted.
[[nodiscard]] constexpr Tint emotion_tint(int label) {
  return label >= 0 && label < 7 ? static_cast<Tint>(label) : Tint::muted;
}
// The i-th of several series that are no emotions; repeats after seven.
[[nodiscard]] constexpr Tint series_tint(std::size_t i) {
  constexpr Tint kOrder[] = {Tint::sad,   Tint::angry,    Tint::disgust, Tint::fear,
                             Tint::happy, Tint::surprise, Tint::neutral};
  return kOrder[i % 7];
}

}  // namespace pyro::html
