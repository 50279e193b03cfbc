#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <set>

#include "pyro/base/csv_records.hpp"
#include "pyro/base/text.hpp"
#include "pyro/base/written_time.hpp"
#include "pyro/validity/pairs.hpp"

namespace pyro::validity {
namespace {

constexpr std::size_t kNoColumn = std::numeric_limits<std::size_t>::max();
constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

struct Row {
  std::string person, group, session, time, instrument;
  std::vector<double> values;  // scores, then surveys; kMissing
  std::int64_t line = 0;
};

// Where each wanted column stands.
struct Layout {
  std::size_t person = kNoColumn, group = kNoColumn, session = kNoColumn, time = kNoColumn,
              instrument = kNoColumn;
  std::vector<std::size_t> values;
  std::vector<std::string> value_names;
  std::size_t width = 0;
};

Result<Layout> layout_of(const std::vector<std::string_view>& heading, const PairColumns& columns,
                         const std::string& file) {
  std::vector<std::string> names;
  names.reserve(heading.size());
  for (const std::string_view cell : heading) names.emplace_back(trimmed(cell));
  const auto find = [&](const std::string& name) {
    const auto at = std::ranges::find(names, name);
    return at == names.end() ? kNoColumn : static_cast<std::size_t>(at - names.begin());
  };
  Layout out;
  out.width = names.size();
  out.value_names = columns.scores;
  out.value_names.insert(out.value_names.end(), columns.surveys.begin(), columns.surveys.end());
  const auto need = [&](const std::string& name, const char* flag) -> Result<std::size_t> {
    if (std::ranges::count(names, name) > 1)
      return bad_input(file + " has several columns '" + name + "'; rename all but one");
    const std::size_t at = find(name);
    if (at == kNoColumn)
      return bad_input(file + " has no column '" + name + "' (it has " + listed(names) +
                       "); name the right one by " + flag);
    return at;
  };
  const Result<std::size_t> person = need(columns.person, "--person");
  if (!person) return tl::make_unexpected(person.error());
  out.person = *person;
  for (std::size_t i = 0; i < out.value_names.size(); ++i) {
    const auto at = need(out.value_names[i], i < columns.scores.size() ? "--score" : "--survey");
    if (!at) return tl::make_unexpected(at.error());
    out.values.push_back(*at);
  }
  const std::tuple<std::size_t*, const std::string*, const char*, const char*> optional[] = {
      {&out.group, &columns.group, "group", "--group"},
      {&out.session, &columns.session, "session", "--session"},
      {&out.time, &columns.time, "time", "--time"},
      {&out.instrument, &columns.instrument_column, "instrument", "--instrument-column"}};
  for (const auto& [where, asked, usual, flag] : optional) {
    if (asked->empty()) {
      *where = find(usual);
    } else if (const auto at = need(*asked, flag); at) {
      *where = *at;
    } else {
      return tl::make_unexpected(at.error());
    }
  }
  if (out.instrument == kNoColumn && !columns.instrument.empty())
    return bad_input(file + " has no column 'instrument', so '" + columns.instrument +
                     "' cannot be chosen; name the column by --instrument-column");
  return out;
}

Result<double> number_of(std::string_view cell, const std::string& column, const std::string& where,
                         bool skip_missing) {
  const std::string_view text = trimmed(cell);
  if (text.empty()) {
    if (skip_missing) return kMissing;
    return bad_input(where + ": '" + column +
                     "' is empty; complete it, or leave such rows out by --skip-missing");
  }
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    return bad_input(where + ": '" + column + "' is '" + std::string(text.substr(0, 40)) +
                     "', which is no number (a point parts decimals; no percent sign)");
  if (!std::isfinite(value))
    return bad_input(where + ": '" + column + "' is '" + std::string(text) +
                     "'; only finite numbers are values");
  return value;
}

Result<Row> row_of(const CsvRecords& records, const Layout& layout, bool skip_missing) {
  const auto& cells = records.cells();
  const std::string where = records.name() + " line " + std::to_string(records.line());
  if (cells.size() != layout.width)
    return bad_input(where + " has " + std::to_string(cells.size()) + " cells where the heading has " +
                     std::to_string(layout.width));
  const auto text = [&](std::size_t column) {
    return column == kNoColumn ? std::string{} : std::string(trimmed(cells[column]));
  };
  Row row{text(layout.person), text(layout.group),      text(layout.session),
          text(layout.time),   text(layout.instrument), {},
          records.line()};
  if (row.person.empty()) return bad_input(where + " does not say whose it is: the person is empty");
  for (std::size_t i = 0; i < layout.values.size(); ++i) {
    const auto value = number_of(cells[layout.values[i]], layout.value_names[i], where, skip_missing);
    if (!value) return tl::make_unexpected(value.error());
    row.values.push_back(*value);
  }
  return row;
}

// Keeps the rows of one instrument.
Status choose_instrument(std::vector<Row>& rows, const std::string& chosen, const std::string& file) {
  std::set<std::string> found;
  for (const Row& row : rows) found.insert(row.instrument);
  const std::vector<std::string> names(found.begin(), found.end());
  if (chosen.empty()) {
    if (found.size() > 1)
      return bad_input(file + " mixes instruments (" + listed(names) +
                       "), whose points do not mean the same; choose one by --instrument");
    return {};
  }
  if (!found.contains(chosen))
    return bad_input(file + " has no rows of instrument '" + chosen + "'; it has " + listed(names));
  std::erase_if(rows, [&](const Row& row) { return row.instrument != chosen; });
  return {};
}

Status check_twice(const std::vector<Row>& rows, const Layout& layout, const std::string& file) {
  std::map<std::string, std::int64_t> seen;
  for (const Row& row : rows) {
    std::string key = row.person + '\n';
    std::string what = "person '" + row.person + "' ";
    if (layout.session != kNoColumn) {
      key += row.session;
      what += "session '" + row.session + "'";
    } else if (layout.time != kNoColumn) {
      key += row.time;
      what += "time '" + row.time + "'";
    } else {
      for (const double value : row.values) key.append(std::to_string(value)).append("\n");
      what += "with the same values";
    }
    const auto [first, added] = seen.emplace(std::move(key), row.line);
    if (!added)
      return bad_input(std::string(file).append(" line ").append(std::to_string(row.line)).append(": ") +
                       what + " stands already in line " + std::to_string(first->second) +
                       (layout.session == kNoColumn && layout.time == kNoColumn
                            ? "; remove one, or tell sessions apart by a column 'session'"
                            : "; remove one"));
  }
  return {};
}

// As days from 1970 UTC. A clock without an offset is taken for UTC: what counts is how far apart a person's
// sessions lie, which no switch of a clock shifts by more than an hour.
std::optional<double> days_of(std::string_view text) {
  const std::optional<WrittenTime> written = read_time(text);
  if (!written) return std::nullopt;
  const auto utc = written->wall.time_since_epoch() - written->offset.value_or(std::chrono::minutes{0});
  return std::chrono::duration<double, std::chrono::days::period>(utc).count();
}

// Whether all texts are dates (true), or all numbers (false). Error: some are neither.
Result<bool> read_times(const std::vector<Row>& rows, std::vector<double>& when, const std::string& file) {
  bool dated = false;
  for (const Row& row : rows) {
    std::optional<double> at = days_of(row.time);
    const bool date = at.has_value();
    if (!date) {
      double number = 0;
      const char* end = row.time.data() + row.time.size();
      const auto [stop, error] = std::from_chars(row.time.data(), end, number);
      if (error == std::errc{} && stop == end && std::isfinite(number)) at = number;
    }
    if (!at || (!when.empty() && date != dated))
      return bad_input(file + " line " + std::to_string(row.line) + ": the time '" + row.time +
                       "' is neither a date as 2026-01-31 or 2026-01-31T12:00Z nor a number like the others");
    dated = date;
    when.push_back(*at);
  }
  return dated;
}

}  // namespace

Result<std::vector<PairTable>> read_pairs(const std::filesystem::path& path, const PairColumns& columns) {
  const std::string file = path.string();
  auto stream = std::make_unique<std::ifstream>(path, std::ios::binary);
  std::error_code folder;
  if (!*stream || std::filesystem::is_directory(path, folder))
    return bad_input(file + " cannot be read; give a CSV file with the columns person, score, survey");
  const char separator = separator_of(*stream);
  CsvRecords records(std::move(stream), file, separator);
  const Result<bool> heading = records.next();
  if (!heading) return tl::make_unexpected(heading.error());
  if (!*heading) return bad_input(file + " is empty: it needs a heading with person, score, survey");
  const Result<Layout> layout = layout_of(records.cells(), columns, file);
  if (!layout) return tl::make_unexpected(layout.error());
  std::vector<Row> rows;
  for (;;) {
    const Result<bool> more = records.next();
    if (!more) return tl::make_unexpected(more.error());
    if (!*more) break;
    Result<Row> row = row_of(records, *layout, columns.skip_missing);
    if (!row) return tl::make_unexpected(row.error());
    rows.push_back(std::move(*row));
  }
  if (rows.empty()) return bad_input(file + " has a heading but no rows");
  if (layout->instrument != kNoColumn) {
    if (Status good = choose_instrument(rows, columns.instrument, file); !good)
      return tl::make_unexpected(good.error());
  }
  if (Status good = check_twice(rows, *layout, file); !good) return tl::make_unexpected(good.error());
  std::vector<double> when;
  bool dated = false;
  if (layout->time != kNoColumn) {
    const Result<bool> read = read_times(rows, when, file);
    if (!read) return tl::make_unexpected(read.error());
    dated = *read;
  }
  std::vector<std::size_t> order(rows.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  if (layout->time != kNoColumn) std::ranges::stable_sort(order, {}, [&](std::size_t i) { return when[i]; });
  std::vector<PairTable> tables;
  for (std::size_t score = 0; score < columns.scores.size(); ++score) {
    for (std::size_t survey = 0; survey < columns.surveys.size(); ++survey) {
      PairTable table{file, columns.scores[score], columns.surveys[survey]};
      if (layout->group != kNoColumn) table.group = columns.group.empty() ? "group" : columns.group;
      table.instrument = rows.front().instrument;
      table.dated = dated;
      for (const std::size_t i : order) {
        const Row& row = rows[i];
        const double x = row.values[score], y = row.values[columns.scores.size() + survey];
        if (std::isnan(x) || std::isnan(y)) {
          ++table.left_out;
        } else {
          table.pairs.push_back({row.person, x, y, row.group, row.session});
          if (!when.empty()) table.pairs.back().when = when[i];
        }
      }
      tables.push_back(std::move(table));
    }
  }
  return tables;
}

}  // namespace pyro::validity
