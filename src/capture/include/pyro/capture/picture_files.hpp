// Which files of a folder are pictures.
#pragma once

#include <filesystem>
#include <vector>

#include "pyro/base/result.hpp"

namespace pyro::capture {

// The pictures in a folder (by their first bytes, not by their names; hidden files left out), in natural
// order.
[[nodiscard]] Result<std::vector<std::filesystem::path>> pictures_in(const std::filesystem::path& folder);

}  // namespace pyro::capture
