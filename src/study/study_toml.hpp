// study.toml.
#pragma once

#include <filesystem>
#include <string>

#include "pyro/study/library.hpp"

namespace pyro::study {

[[nodiscard]] std::string to_toml(const StudySettings& settings);
// Errors (bad_input): no TOML, an unknown key, settings that make no sense.
[[nodiscard]] Result<StudySettings> study_of_toml(const std::filesystem::path& file);

}  // namespace pyro::study
