// The web app as the build packed it.
#pragma once

#include <span>

namespace pyro::cli {

[[nodiscard]] std::span<const char> web_pages();

}  // namespace pyro::cli
