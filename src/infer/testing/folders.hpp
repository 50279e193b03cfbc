// For the room's tests: where the repository and what set-up fetched lie.
#pragma once

#include <cstdlib>
#include <filesystem>

namespace pyro::infer::testing {

inline std::filesystem::path source() {
  return PYRO_SOURCE_DIR;
}

inline std::filesystem::path home() {
  const char* value = std::getenv("PYROMETER_HOME");
  return value != nullptr ? std::filesystem::path(value) : source() / ".pyrometer";
}

}  // namespace pyro::infer::testing
