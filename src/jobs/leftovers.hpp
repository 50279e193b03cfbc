// Files whose rows are gone.
#pragma once

#include <filesystem>
#include <set>
#include <string>

#include "pyro/base/result.hpp"
#include "pyro/store/database.hpp"

namespace pyro::jobs {

// Ids that the names in a folder begin with.
[[nodiscard]] std::set<std::string> ids_in(const std::filesystem::path& folder);
// Leaves those of `ids` that have no row in `table`.
[[nodiscard]] Status without_rows(store::Connection& in, const std::string& table,
                                  std::set<std::string>& ids);

}  // namespace pyro::jobs
