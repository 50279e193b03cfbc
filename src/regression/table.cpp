#include "pyro/regression/table.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>
#include <optional>
#include <set>

#include "pyro/base/csv_records.hpp"
#include "pyro/base/text.hpp"
#include "pyro/base/written_time.hpp"

namespace pyro::regression {
namespace {

constexpr double kEmpty = std::numeric_limits<double>::quiet_NaN();

// The day that is written, whatever the clock beside it and its offset.
std::optional<double> day_of(std::string_view text) {
  const std::optional<WrittenTime> written = read_time(text);
  if (!written) return std::nullopt;
  return static_cast<double>(written->day().time_since_epoch().count());
}

std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

// As what all of its words can be read, where there are any.
template <class Read>
bool take_all(Column& column, Read read) {
  column.numbers.reserve(column.words.size());
  for (const std::string& word : column.words) {
    const std::optional<double> number = word.empty() ? kEmpty : read(word);
    if (!number) {
      column.numbers.clear();
      return false;
    }
    column.numbers.push_back(*number);
  }
  column.words = {};
  return true;
}

Status settle(Column& column, const std::string& file) {
  if (take_all(column, number_of)) {
    if (std::ranges::any_of(column.numbers, [](double number) { return std::isinf(number); }))
      return bad_input(file + ": column '" + column.name +
                       "' holds an infinite number; leave such cells empty");
    return {};
  }
  column.kind = take_all(column, day_of) ? Kind::day : Kind::word;
  return {};
}

}  // namespace

const Column* Table::find(std::string_view name) const {
  const auto found = std::ranges::find(columns, name, &Column::name);
  return found == columns.end() ? nullptr : &*found;
}

Result<Table> read_table(const std::filesystem::path& csv) {
  Table table{csv.string(), 0, {}};
  auto stream = std::make_unique<std::ifstream>(csv, std::ios::binary);
  std::error_code folder;
  if (!*stream || std::filesystem::is_directory(csv, folder))
    return bad_input(table.file + " cannot be read; give a CSV file with a heading");
  const char separator = separator_of(*stream);
  CsvRecords records(std::move(stream), table.file, separator);
  const Result<bool> first = records.next();
  if (!first) return tl::make_unexpected(first.error());
  if (!*first) return bad_input(table.file + " is empty; it needs a heading and rows");
  std::set<std::string_view> names;
  for (const std::string_view cell : records.cells()) {
    const std::string_view name = trimmed(cell);
    if (!names.insert(name).second)
      return bad_input(table.file + " has two columns '" + std::string(name) + "'; rename or remove one");
    table.columns.push_back({std::string(name), Kind::number, {}, {}});
  }
  for (;;) {
    const Result<bool> more = records.next();
    if (!more) return tl::make_unexpected(more.error());
    if (!*more) break;
    if (records.cells().size() != table.columns.size())
      return bad_input(table.file + " line " + std::to_string(records.line()) + " has " +
                       std::to_string(records.cells().size()) + " cells, the heading " +
                       std::to_string(table.columns.size()) + "; was the file cut?");
    for (std::size_t k = 0; k < table.columns.size(); ++k)
      table.columns[k].words.emplace_back(trimmed(records.cells()[k]));
    ++table.rows;
  }
  if (table.rows == 0) return bad_input(table.file + " has a heading but no rows");
  for (Column& column : table.columns) {
    if (Status settled = settle(column, table.file); !settled) return tl::make_unexpected(settled.error());
  }
  return table;
}

Result<std::vector<std::string>> names_of(const Table& table, const std::string& column) {
  const Column* found = table.find(column);
  if (found == nullptr)
    return bad_input(table.file + " has no column '" + column + "'; name another, or none");
  std::vector<std::string> names = found->words;
  for (const double number : found->numbers) {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    names.emplace_back(std::isnan(number) ? std::string() : std::string(text.data(), end));
  }
  const auto empty = std::ranges::find(names, std::string());
  if (empty != names.end())
    return bad_input(table.file + ", row " + std::to_string(empty - names.begin() + 1) + ": '" + column +
                     "' is empty; every row must say whose it is");
  return names;
}

bool fits(const std::string& pattern, const std::string& name) {
  return ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
}

}  // namespace pyro::regression
