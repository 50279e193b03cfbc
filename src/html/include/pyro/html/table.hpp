// Tables, and the confusion matrix as one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pyro/html/page.hpp"

namespace pyro::html {

struct Cell {
  std::string text;
  bool number = false;  // right-aligned, figures of one width
  std::string link;     // where a click leads: "#section", a file; may be empty

  Cell(std::string_view words, std::string_view to = {}) : text(words), link(to) {}
  Cell(const std::string& words, std::string_view to = {}) : text(words), link(to) {}
  Cell(const char* words, std::string_view to = {}) : text(words), link(to) {}
  [[nodiscard]] static Cell count(long long value, std::string_view to = {});
  // "–" where the value is not finite.
  [[nodiscard]] static Cell value(double value, int decimals, std::string_view to = {});
  // 0.731 → "73.1 %".
  [[nodiscard]] static Cell percent(double share, int decimals = 1, std::string_view to = {});
};

struct Table {
  std::string caption;  // may be empty
  std::vector<Cell>
      header;  // a cell's link makes the heading one; a column of numbers has a `number` heading
  std::vector<std::vector<Cell>> rows;
  bool total_row = false;  // the last row is a sum and stands apart
};
[[nodiscard]] Html table(const Table& table);

// A table of counts whose shade is the share of its row: rows are what is true, columns what was said.
struct Matrix {
  std::string caption, row_title = "truth", column_title = "said";
  std::vector<std::string> rows, columns;
  std::vector<std::vector<long long>> counts;        // [row][column]
  std::vector<std::vector<std::string>> links = {};  // the same shape or empty; an empty link is none
};
[[nodiscard]] Html matrix(const Matrix& matrix);

}  // namespace pyro::html
