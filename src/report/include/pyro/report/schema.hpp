// What a row of our files holds, written once: the CSV header and rows, the JSON object, the Parquet schema
// and the tables of docs/formats.md are all made from these columns.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include "pyro/base/time.hpp"
#include "pyro/records/observation.hpp"

namespace pyro::report {

struct PersonSummary;  // see session_table.hpp

enum class Type : std::uint8_t { int64, float64, float32, boolean, text, utc };
[[nodiscard]] std::string_view name_of(Type type);

// A value of its column's Type, or monostate: there is none (an empty cell, null). A number that is not
// finite is none. Text lives as long as the row it came from.
using Cell = std::variant<std::monostate, std::int64_t, double, float, bool, std::string_view, UtcTime>;

template <typename Row>
struct Column {
  std::string_view name;
  Type type;
  std::string_view unit;  // empty: a name, a yes or no, a plain number
  std::string_view description;
  Cell (*read)(const Row& row, int which);
  int which = 0;  // handed to read: tells apart columns that differ only by an index
};

// frames.csv: one row per face and frame, and one for a frame without a face. What the score is computed from
// is float64 so that every reader, whatever it parses numbers into, recomputes the same score to 1e-9; the
// rest is float32.
[[nodiscard]] std::span<const Column<records::Observation>> frame_columns();

// session.csv: one row per person.
[[nodiscard]] std::span<const Column<PersonSummary>> session_columns();

}  // namespace pyro::report
