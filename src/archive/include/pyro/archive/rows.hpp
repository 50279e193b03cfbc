// Rows of any table as JSON objects: made, found, listed page by page, changed, removed. What a field may
// hold is the caller's to check (the API's contract does); here only what the table itself asks for.
//
// Every row has id, version (1, 2, … with each change), created and updated.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "pyro/archive/tables.hpp"
#include "pyro/base/time.hpp"
#include "pyro/store/database.hpp"

namespace pyro::archive {

using Json = nlohmann::json;

// RFC 3339 with an offset or Z, as base writes it (utc_text). Error (bad_input) quotes it.
[[nodiscard]] Result<UtcTime> time_of(std::string_view text);
[[nodiscard]] inline std::int64_t us_of(UtcTime time) {
  return time.time_since_epoch().count();
}
[[nodiscard]] inline UtcTime time_of_us(std::int64_t us) {
  return UtcTime{std::chrono::microseconds{us}};
}

// Fields that the table does not have are passed over; those that are missing are NULL. Bytes cannot be set
// by JSON: `bytes` holds them by their field's name. The row as it is now comes back.
[[nodiscard]] Result<Json> insert(store::Connection& to, const Table& table, const Json& fields, UtcTime now,
                                  const std::vector<std::pair<std::string_view, store::Blob>>& bytes = {});

[[nodiscard]] Result<std::optional<Json>> find(store::Connection& in, const Table& table, std::string_view id,
                                               bool with_kept_back = false);

// A condition with one placeholder "$", as Reach and Query::within have it, with that placeholder's number.
[[nodiscard]] std::string numbered(std::string condition, std::size_t number);

struct Query {
  std::vector<std::pair<std::string_view, store::Value>> equal;  // field and value, all of which must hold
  // People whose rows are meant, by a sub-select with one placeholder; empty: all.
  std::string within;  // "person IN (SELECT person FROM care WHERE account = $)"
  std::optional<store::Value> within_value;
  std::string after;  // id of the last row of the page before; empty: the first page
  std::size_t limit = 50;
  bool newest_first = false;
  bool with_kept_back = false;
};
struct Page {
  std::vector<Json> rows;
  bool more = false;
};
// In order of id, which is the order in which rows were made.
[[nodiscard]] Result<Page> list(store::Connection& in, const Table& table, const Query& query);

// Changes the fields named in `patch` of the row with this id and version (any, without a version). nullopt:
// there is no such row, or its version is another by now (found tells which).
[[nodiscard]] Result<std::optional<Json>> update(store::Connection& in, const Table& table,
                                                 std::string_view id, std::optional<std::int64_t> version,
                                                 const Json& patch, UtcTime now);
[[nodiscard]] Result<bool> remove(store::Connection& in, const Table& table, std::string_view id);

// One column of bytes.
[[nodiscard]] Result<std::optional<store::Blob>> bytes_of(store::Connection& in, const Table& table,
                                                          std::string_view id, std::string_view field);

}  // namespace pyro::archive
