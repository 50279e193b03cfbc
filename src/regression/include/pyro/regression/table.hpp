// A table of sessions (or of anything else): named columns of numbers, words or days, any of them with gaps.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pyro/base/result.hpp"

namespace pyro::regression {

// number: every cell that is not empty is one ("nan" counts as empty). day: every one is a day or a time as
// read_time takes it; the day that is written counts. word: the rest.
enum class Kind { number, day, word };

struct Column {
  std::string name;
  Kind kind = Kind::number;
  std::vector<double> numbers;     // of number and day (days since 1970-01-01); NaN: empty
  std::vector<std::string> words;  // of word; empty: empty
};

struct Table {
  std::string file;
  std::size_t rows = 0;
  std::vector<Column> columns;

  [[nodiscard]] const Column* find(std::string_view name) const;
};

// CSV with a heading, parted by ',', ';' or tabs, whichever the heading has most of. Errors (bad_input) name
// file and line: cannot be read, no rows, two columns of one name, a row of another length, an infinite
// number.
[[nodiscard]] Result<Table> read_table(const std::filesystem::path& csv);

// What a row says of itself, as text: the person of a row. Errors (bad_input): no such column; an empty cell.
[[nodiscard]] Result<std::vector<std::string>> names_of(const Table& table, const std::string& column);

// Whether a shell pattern ("*_mean") fits the name.
[[nodiscard]] bool fits(const std::string& pattern, const std::string& name);

}  // namespace pyro::regression
