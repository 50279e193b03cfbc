// Errors of the database as the port hands them out: context "SQLSTATE xxxxx: what it said".
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "pyro/store/database.hpp"

namespace pyro::store {

[[nodiscard]] Error sql_error(std::string_view state, std::string message, std::string_view detail = {});
// The five characters of an error made by sql_error; empty: it is none.
[[nodiscard]] std::string_view sqlstate_of(const Error& error);

// What neither database can hold alike is refused by both: text with a NUL or that is no UTF-8, a number
// that is none (SQLite would make it NULL).
[[nodiscard]] Status storable(std::span<const Value> values);

// For databases without a name for what they are: the error of a Database that is not the one meant.
inline constexpr std::string_view kNotSqlite = "this database is not an SQLite file";

// How long a call waits for a database that is away or locked before it says so.
inline constexpr int kPatienceMs = 5000;

}  // namespace pyro::store
