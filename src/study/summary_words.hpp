// How a summary puts its figures, on the page and as text.
#pragma once

#include <string>
#include <vector>

#include "pyro/study/summary.hpp"

namespace pyro::study {

[[nodiscard]] std::string verdict_name(Verdict verdict);
[[nodiscard]] std::string minute_text(std::int64_t minute);
// "+0.82 sd (+0.31 to +1.30)", or that there is too little.
[[nodiscard]] std::string effect_text(const Difference& one);
[[nodiscard]] std::string profile_name(std::size_t i);
// Minutes of which something can be said, the largest effect first.
[[nodiscard]] std::vector<const MinuteSummary*> strongest(const SessionSummary& summary, std::size_t most);
// "93 %"; "–" for what is not known.
[[nodiscard]] inline std::string percent(double share) {
  const std::string text = html::fixed(100 * share, 0);
  return text == "–" ? text : text + " %";
}
[[nodiscard]] inline std::string duration_text(double seconds) {
  if (seconds < 120) return html::fixed(seconds, 1) + " s";
  return html::fixed(seconds / 60, 1) + " minutes";
}

}  // namespace pyro::study
