#include "pyro/report/rows.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "pyro/base/csv_text.hpp"
#include "pyro/base/hex.hpp"
#include "pyro/report/session_table.hpp"

namespace pyro::report {
namespace {

template <typename Number>
void append_number(std::string& out, Number value) {
  std::array<char, 32> text;  // not initialised: a hundred of these are written per row
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  out.append(text.data(), static_cast<std::size_t>(end - text.data()));
}

void append_utc(std::string& out, UtcTime time) {
  std::array<char, 32> text;
  const char* end = utc_text_to(text.data(), time);
  out.append(text.data(), static_cast<std::size_t>(end - text.data()));
}

void append_json_text(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      append_hex(out, byte);
    } else {
      out += c;
    }
  }
  out += '"';
}

struct CsvCell {
  std::string& out;
  void operator()(std::monostate) const {}
  void operator()(std::int64_t value) const { append_number(out, value); }
  void operator()(double value) const { append_number(out, value); }
  void operator()(float value) const { append_number(out, value); }
  void operator()(bool value) const { out += value ? '1' : '0'; }
  void operator()(std::string_view value) const { append_csv_text(out, value); }
  void operator()(UtcTime value) const { append_utc(out, value); }
};

struct JsonCell {
  std::string& out;
  void operator()(std::monostate) const { out += "null"; }
  void operator()(std::int64_t value) const { append_number(out, value); }
  void operator()(double value) const { append_number(out, value); }
  void operator()(float value) const { append_number(out, value); }
  void operator()(bool value) const { out += value ? "true" : "false"; }
  void operator()(std::string_view value) const { append_json_text(out, value); }
  void operator()(UtcTime value) const {
    out += '"';
    append_utc(out, value);
    out += '"';
  }
};

}  // namespace

void append_csv(std::string& out, const Cell& cell) {
  std::visit(CsvCell{out}, cell);
}

void append_json(std::string& out, const Cell& cell) {
  std::visit(JsonCell{out}, cell);
}

template <typename Row>
void append_csv_header(std::string& out, std::span<const Column<Row>> columns) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) out += ',';
    out += columns[i].name;
  }
  out += '\n';
}

template <typename Row>
void append_csv(std::string& out, std::span<const Column<Row>> columns, const Row& row) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) out += ',';
    append_csv(out, columns[i].read(row, columns[i].which));
  }
  out += '\n';
}

template <typename Row>
void append_json(std::string& out, std::span<const Column<Row>> columns, const Row& row) {
  char before = '{';
  for (const Column<Row>& column : columns) {
    out += before;
    out += '"';
    out += column.name;
    out += "\":";
    append_json(out, column.read(row, column.which));
    before = ',';
  }
  out += '}';
}

void append_json(std::string& out, const records::Observation& observation) {
  append_json(out, frame_columns(), observation);
}

template <typename Row>
std::string markdown_table(std::span<const Column<Row>> columns) {
  std::string out = "| column | type | unit | what |\n|---|---|---|---|\n";
  for (std::size_t i = 0; i < columns.size(); ++i) {
    std::string name = "`" + std::string{columns[i].name} + "`";
    // Columns that differ only by an index share one line.
    std::size_t last = i;
    while (last + 1 < columns.size() && columns[last + 1].description == columns[i].description) ++last;
    if (last > i)
      name += " … `" + std::string{columns[last].name} + "` (" + std::to_string(last - i + 1) + ")";
    out += "| " + name + " | " + std::string{name_of(columns[i].type)} + " | " +
           std::string{columns[i].unit} + " | " + std::string{columns[i].description} + " |\n";
    i = last;
  }
  return out;
}

template void append_csv_header(std::string&, std::span<const Column<records::Observation>>);
template void append_csv(std::string&, std::span<const Column<records::Observation>>,
                         const records::Observation&);
template void append_json(std::string&, std::span<const Column<records::Observation>>,
                          const records::Observation&);
template std::string markdown_table(std::span<const Column<records::Observation>>);
template void append_csv_header(std::string&, std::span<const Column<PersonSummary>>);
template void append_csv(std::string&, std::span<const Column<PersonSummary>>, const PersonSummary&);
template void append_json(std::string&, std::span<const Column<PersonSummary>>, const PersonSummary&);
template std::string markdown_table(std::span<const Column<PersonSummary>>);

}  // namespace pyro::report
