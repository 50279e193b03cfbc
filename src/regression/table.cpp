#include "pyro/regression/table.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <fstream>
#include <limits>
#include <optional>
#include <set>

#include "pyro/base/csv_records.hpp"

namespace pyro::regression {
namespace {

constexpr double kEmpty = std::numeric_limits<double>::quiet_NaN();

std::string_view without_spaces(std::string_view text) {
  const std::size_t from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && stop == end;
}

std::optional<double> day_of(std::string_view text) {
  int year = 0;
  unsigned month = 0, day = 0;
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  if (text.size() > 10 && text[10] != 'T' && text[10] != ' ') return std::nullopt;
  if (!read_number(text.substr(0, 4), year) || !read_number(text.substr(5, 2), month) ||
      !read_number(text.substr(8, 2), day))
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                         std::chrono::day{day}};
  if (!date.ok()) return std::nullopt;
  return static_cast<double>(std::chrono::sys_days{date}.time_since_epoch().count());
}

std::optional<double> number_of(std::string_view text) {
  double number = 0;
  return read_number(text, number) ? std::optional(number) : std::nullopt;
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
  std::string heading;
  std::getline(*stream, heading);
  stream->clear();
  stream->seekg(0);
  char separator = ',';
  for (const char c : {';', '\t'}) {
    if (std::ranges::count(heading, c) > std::ranges::count(heading, separator)) separator = c;
  }
  CsvRecords records(std::move(stream), table.file, separator);
  const Result<bool> first = records.next();
  if (!first) return tl::make_unexpected(first.error());
  if (!*first) return bad_input(table.file + " is empty; it needs a heading and rows");
  std::set<std::string_view> names;
  for (const std::string_view cell : records.cells()) {
    const std::string_view name = without_spaces(cell);
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
      table.columns[k].words.emplace_back(without_spaces(records.cells()[k]));
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
