// Where Pyrometer's own files are, found from where the program lies: it runs from a clone as well as
// installed.
#pragma once

#include <filesystem>
#include <string>

#include "pyro/base/result.hpp"

namespace pyro {

struct Paths {
  std::filesystem::path models;    // the shipped models and manifest.toml
  std::filesystem::path home;      // what set-up fetched: <home>/models, and caches
  std::filesystem::path registry;  // models that were added on this machine; empty: none are used
};

// `models`, $PYROMETER_MODELS and $PYROMETER_HOME where they are given; else the nearest folder above the
// program that holds models/manifest.toml, with .pyrometer beside it, and .pyrometer-registry beside that
// (`registry` or $PYROMETER_REGISTRY say another). A folder of models that was named is used alone: the
// registry counts only if it was named too, and caches go into .pyrometer below it where there is no other
// home. Error: there is none.
[[nodiscard]] Result<Paths> find_paths(const std::filesystem::path& models = {},
                                       const std::filesystem::path& registry = {});

}  // namespace pyro
