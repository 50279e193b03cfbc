// A small CSV with named columns, for the tables that people write: every cell is looked at once.
#pragma once

#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "pyro/base/csv_records.hpp"
#include "pyro/base/text.hpp"

namespace pyro::study {

class CsvTable {
 public:
  static Result<CsvTable> open(const std::filesystem::path& file) {
    auto input = std::make_unique<std::ifstream>(file, std::ios::binary);
    std::error_code error;
    if (!*input || std::filesystem::is_directory(file, error))
      return bad_input("cannot open " + file.string() + ": check that it is a file and may be read");
    CsvTable table{CsvRecords{std::move(input), file.string()}};
    const Result<bool> header = table.records_.next();
    if (!header) return tl::make_unexpected(header.error());
    if (!*header) return bad_input(file.string() + " is empty; it needs a first line of column names");
    table.width_ = table.records_.cells().size();
    for (std::size_t i = 0; i < table.width_; ++i) {
      const std::string name{trimmed(table.records_.cells()[i])};
      if (!table.where_.emplace(name, i).second && !name.empty())
        return bad_input(file.string() + " has two columns named \"" + name + "\"; leave one");
    }
    return table;
  }

  [[nodiscard]] bool has(const std::string& column) const { return where_.contains(column); }
  Status need(std::initializer_list<const char*> columns) const {
    for (const char* column : columns) {
      if (!has(column)) return bad_input(records_.name() + " has no column \"" + column + "\"");
    }
    return {};
  }
  Result<bool> next() {
    Result<bool> more = records_.next();
    if (more && *more && records_.cells().size() != width_)
      return bad_input(where() + " has " + std::to_string(records_.cells().size()) + " cells, the header " +
                       std::to_string(width_) + "; was the file cut?");
    return more;
  }
  // Without spaces around it; empty where there is no such column.
  [[nodiscard]] std::string_view text(const std::string& column) const {
    const auto found = where_.find(column);
    return found == where_.end() ? std::string_view{} : trimmed(records_.cells()[found->second]);
  }
  // None for an empty cell and for "nan", as some programs write it.
  Result<std::optional<double>> number(const std::string& column) const {
    const std::string_view cell = text(column);
    if (cell.empty()) return std::optional<double>{};
    double value = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error != std::errc{} || end != cell.data() + cell.size() || std::isinf(value))
      return wrong(column, "\"" + std::string{cell.substr(0, 40)} + "\" is not a number");
    if (std::isnan(value)) return std::optional<double>{};
    return std::optional<double>{value};
  }
  Result<double> needed_number(const std::string& column) const {
    const Result<std::optional<double>> value = number(column);
    if (!value) return tl::make_unexpected(value.error());
    if (!*value) return wrong(column, "is empty");
    return **value;
  }
  [[nodiscard]] tl::unexpected<Error> wrong(const std::string& column, const std::string& what) const {
    return bad_input(where() + ", column " + column + ": " + what);
  }
  [[nodiscard]] std::string where() const {
    return records_.name() + " line " + std::to_string(records_.line());
  }

 private:
  explicit CsvTable(CsvRecords records) : records_(std::move(records)) {}

  CsvRecords records_;
  std::map<std::string, std::size_t> where_;
  std::size_t width_ = 0;
};

}  // namespace pyro::study
