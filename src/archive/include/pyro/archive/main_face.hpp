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

// The sessions of which too little could be read say nothing of a day or a group.
[[nodiscard]] inline bool readable_enough(const Json& face) {
  return 2 * face.value("valid_frames", 0) >= face.value("frames", 1);
}

}  // namespace pyro::archive
