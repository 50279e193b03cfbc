// A run on disk: one file that is replaced whole, so that a kill at any moment leaves the last complete
// epoch.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string_view>

#include "fit/optimiser.hpp"
#include "pyro/base/result.hpp"

namespace pyro::training {

struct Checkpoint {
  nlohmann::json about;  // settings, epoch, steps, best figure
  NamedTensors tensors;  // "net/…", "momentum/…", "average/…"
};

// Writes beside `path` first, flushes to the disk, then renames. Errors (failed): no space, no permission;
// the old file stays as it was.
Status write_file(const std::filesystem::path& path, std::string_view bytes);

Status save(const std::filesystem::path& path, const Checkpoint& checkpoint);

// Copies into checkpoint.tensors, which must name every tensor that the file is expected to hold, with its
// shape; checkpoint.about is replaced. Errors (bad_input): missing or damaged file, a tensor missing or of
// another shape.
Status load(const std::filesystem::path& path, Checkpoint& checkpoint);

// Only the settings and figures.
Result<nlohmann::json> read_about(const std::filesystem::path& path);

// The names with `prefix` in front, the tensors shared.
NamedTensors prefixed(std::string_view prefix, const NamedTensors& tensors);

}  // namespace pyro::training
