// Rows as text: CSV (RFC 4180, \n), JSON objects, and the tables of docs/formats.md. Numbers are written in
// the shortest form that reads back to the same bits, in float32 or float64 as the column says. Nothing is
// allocated but what `out` needs to grow.
#pragma once

#include <string>

#include "pyro/report/schema.hpp"

namespace pyro::report {

// Each line ends with \n. Text with a comma, a quote or a line break is quoted.
template <typename Row>
void append_csv_header(std::string& out, std::span<const Column<Row>> columns);
template <typename Row>
void append_csv(std::string& out, std::span<const Column<Row>> columns, const Row& row);

// One cell of such a line, without the comma: for rows that were kept as cells.
void append_csv(std::string& out, const Cell& cell);
void append_json(std::string& out, const Cell& cell);

// {"frame":0,…} on one line, without a line break at the end; null where there is no value, true and false
// for bool.
template <typename Row>
void append_json(std::string& out, std::span<const Column<Row>> columns, const Row& row);
void append_json(std::string& out, const records::Observation& observation);

// A Markdown table: column, type, unit, what it is. The blendshapes are one line.
template <typename Row>
[[nodiscard]] std::string markdown_table(std::span<const Column<Row>> columns);

}  // namespace pyro::report
