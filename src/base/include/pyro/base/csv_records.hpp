// Splits a stream of untrusted bytes into CSV records (RFC 4180).
#pragma once

#include <cstdint>
#include <istream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pyro/base/result.hpp"

namespace pyro {

class CsvRecords {
 public:
  static constexpr std::size_t kLongest = std::size_t{1} << 20;

  // `separator`: what stands between cells; some programs write ';' or a tab.
  CsvRecords(std::unique_ptr<std::istream> input, std::string name, char separator = ',')
      : input_(std::move(input)), name_(std::move(name)), separator_(separator) {}

  // The next record that is not an empty line; false at the end. cells() and line() are of this record,
  // the cells only until the next call. A byte order mark is passed over. Errors (bad_input) name input and
  // line: a quote that is never closed, text behind a closing quote, a record of more than kLongest bytes.
  Result<bool> next();
  [[nodiscard]] const std::vector<std::string_view>& cells() const { return cells_; }
  [[nodiscard]] std::int64_t line() const { return line_; }  // 1-based, where the record begins
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  Result<bool> take_record();  // into record_, with its quotes
  Status split();
  bool refill();

  std::unique_ptr<std::istream> input_;
  std::string name_;
  char separator_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::string record_;
  std::vector<std::string_view> cells_;
  std::int64_t line_ = 0, next_line_ = 1;
};

// Which of comma, semicolon and tab parts the cells of the heading, the first line that is not empty: the one
// that it has most of outside quotes, the comma where none or several are. `input` is set back to its
// beginning, so it must be a file or a text.
[[nodiscard]] char separator_of(std::istream& input);

}  // namespace pyro
