// Where Pyrometer's own files are, found from where the program lies: it runs from a clone as well as
// installed.
#pragma once

#include <filesystem>
#include <string>

#include "pyro/base/result.hpp"

namespace pyro {

struct Paths {
  std::filesystem::path models;  // the shipped models and manifest.toml
  std::filesystem::path home;    // what set-up fetched: <home>/models, and caches
};

// $PYROMETER_MODELS and $PYROMETER_HOME where they are set; else the nearest folder above the program that
// holds models/manifest.toml, with .pyrometer beside it. Error: there is none.
[[nodiscard]] Result<Paths> find_paths();

}  // namespace pyro
