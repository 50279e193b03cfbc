// Telling fused models from networks: they need a network beside them.
#pragma once

#include <string_view>

#include "pyro/infer/manifest.hpp"

namespace pyro::infer {

// The network that a fused model works with: whatever this name means.
inline constexpr std::string_view kFusedPartner = "expression";

// Trees and fusion weights in one JSON file (docs/formats.md, "A fused model"); networks have other formats.
[[nodiscard]] inline bool is_fused(const ModelEntry& entry) {
  return entry.file.path.ends_with(".json");
}

}  // namespace pyro::infer
