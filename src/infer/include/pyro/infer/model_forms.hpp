// What a model's file says of its kind, before anything is loaded.
#pragma once

#include <string_view>

#include "pyro/infer/manifest.hpp"

namespace pyro::infer {

// The network that a fused model works with: whatever this name means.
inline constexpr std::string_view kFusedPartner = "expression";
// The end of a regression's file name; every other .json is a fused model.
inline constexpr std::string_view kRegressionFile = "regression.json";

// Boosted trees or a linear model on a session's figures (docs/formats.md, "A regression").
[[nodiscard]] inline bool is_regression(const ModelEntry& entry) {
  return entry.file.path.ends_with(kRegressionFile);
}

// Trees and fusion weights in one JSON file (docs/formats.md, "A fused model"); networks have other formats.
[[nodiscard]] inline bool is_fused(const ModelEntry& entry) {
  return entry.file.path.ends_with(".json") && !is_regression(entry);
}

}  // namespace pyro::infer
