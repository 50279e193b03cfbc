// Whose figures a session's are, where more than one face was seen.
#pragma once

#include <optional>

#include "pyro/archive/rows.hpp"

namespace pyro::archive {

// The row of a session's summary with the most readable frames: the person whom the session is about, as far
// as a machine can tell. nullptr: nobody was seen.
// Valid as long as the summary is.
const Json* main_face(Json&& summary) = delete;
[[nodiscard]] inline const Json* main_face(const Json& summary) {
  const Json* best = nullptr;
  if (!summary.is_object() || !summary.contains("people")) return best;
  for (const Json& face : summary["people"]) {
    if (best == nullptr || face.value("valid_frames", 0) > best->value("valid_frames", 0)) best = &face;
  }
  return best;
}

// Its figure of this name, if it is known.
[[nodiscard]] inline std::optional<double> figure_of(const Json& face, const char* name) {
  const auto found = face.find(name);
  if (found == face.end() || !found->is_number()) return std::nullopt;
  return found->get<double>();
}

// Of its frames, how many could be read.
[[nodiscard]] inline double readable_share(const Json& face) {
  const auto frames = face.value("frames", std::int64_t{0});
  const auto valid = face.value("valid_frames", std::int64_t{0});
  return frames > 0 ? static_cast<double>(valid) / static_cast<double>(frames) : 0;
}

// Sessions of which less could be read say nothing of a day or a group.
inline constexpr double kReadableEnough = 0.5;

}  // namespace pyro::archive
