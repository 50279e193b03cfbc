// Errors of the database as the port hands them out: context "SQLSTATE xxxxx: what it said".
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "pyro/store/database.hpp"

namespace pyro::store {

[[nodiscard]] Error sql_error(std::string_view state, std::string message, std::string_view detail = {});
// What this means for who asked, and what to do.
[[nodiscard]] std::string way_out(std::string_view state);
// The five characters of an error made by sql_error; empty: it is none.
[[nodiscard]] std::string_view sqlstate_of(const Error& error);

// What neither database can hold alike is refused by both: text with a NUL or that is no UTF-8, a number
// that is none (SQLite would make it NULL).
[[nodiscard]] Status storable(std::span<const Value> values);

// How long a call waits for a database that is away or locked before it says so.
inline constexpr int kPatienceMs = 5000;

}  // namespace pyro::store
