// How the room's reports put numbers into words.
#pragma once

#include <array>
#include <cmath>
#include <string>

#include "pyro/html/page.hpp"
#include "pyro/stats/interval.hpp"

namespace pyro::validity {

// "0.90", "-0.12"; three decimals where two would say 1.
[[nodiscard]] inline std::string r_text(double r) {
  return html::fixed(r, std::abs(r) >= 0.995 && std::abs(r) < 1 ? 3 : 2);
}
[[nodiscard]] inline std::string r_text(const stats::Interval& interval) {
  return r_text(interval.low) + " to " + r_text(interval.high);
}
[[nodiscard]] inline std::string points_text(const stats::Interval& interval) {
  return html::fixed(interval.low, 2) + " to " + html::fixed(interval.high, 2);
}
[[nodiscard]] inline std::string p_text(double p) {
  if (!std::isfinite(p)) return "–";
  if (p < 0.0001) return "< 0.0001";
  return html::fixed(p, p < 0.001 ? 4 : 3);
}
[[nodiscard]] inline std::string p_words(double p) {
  return p < 0.0001 ? "p < 0.0001" : "p = " + p_text(p);
}

// Stands once on every report.
inline constexpr char kWhatRIsNot[] =
    "A correlation says that two measures rise together. It does not say that they give the same number, nor "
    "that one causes the other.";

// True correlations for which the power table has a row.
inline constexpr std::array kPowerRows{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};

}  // namespace pyro::validity
