// The demo's people, accounts and groups: rows with `simulated` set, and whatever hangs on them. A real
// account stands in no relation to a simulated person and the other way round (subjects.hpp), and no team
// holds both, so nothing of the demo counts in any figure of the site's.
#pragma once

#include <map>
#include <string>

#include "pyro/archive/rows.hpp"

namespace pyro::archive {

// Of a row of person, account, organisation or team; false where there is none.
[[nodiscard]] Result<bool> is_simulated(store::Connection& in, const Table& table, std::string_view id);

// Rows that went, by table.
[[nodiscard]] Result<std::map<std::string, std::int64_t>> erase_simulated(store::Connection& in);

}  // namespace pyro::archive
