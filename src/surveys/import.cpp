#include "pyro/surveys/import.hpp"

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>

#include "csv_text.hpp"
#include "import_columns.hpp"
#include "people_and_times.hpp"
#include "pyro/base/csv_records.hpp"

namespace pyro::surveys {
namespace {

constexpr std::array<std::pair<std::string_view, Layout>, 4> kLayouts{{{"plain", Layout::plain},
                                                                       {"redcap", Layout::redcap},
                                                                       {"qualtrics", Layout::qualtrics},
                                                                       {"limesurvey", Layout::limesurvey}}};

std::vector<std::string> copied(const std::vector<std::string_view>& cells) {
  return {cells.begin(), cells.end()};
}

Result<ExportTable> read_table(std::unique_ptr<std::istream> input, const std::string& name) {
  CsvRecords records(std::move(input), name);
  Result<bool> more = records.next();
  if (!more) return tl::make_unexpected(more.error());
  if (!*more) return bad_input(name + " cannot be read or is empty");
  ExportTable table;
  table.name = name;
  for (const std::string_view title : records.cells()) table.titles.emplace_back(trimmed(title));
  if (table.titles.size() == 1 && table.titles.front().find_first_of(";\t") != std::string::npos)
    return bad_input(name + " has no commas between its columns; export it as comma-separated values");
  table.zones.resize(table.titles.size());
  while ((more = records.next()) && *more) {
    if (records.cells().size() != table.titles.size())
      return bad_input(at_line(name, records.line()) + " has " + std::to_string(records.cells().size()) +
                       " cells, the first line " + std::to_string(table.titles.size()));
    table.rows.push_back({records.line(), copied(records.cells())});
  }
  if (!more) return tl::make_unexpected(more.error());
  return table;
}

// A Qualtrics export has two more lines of titles: what people read, and a JSON object a column, which for
// times says whose clocks they were read from.
Status take_qualtrics_titles(ExportTable& table) {
  constexpr std::size_t kMore = 2;
  if (table.rows.size() < kMore || !table.rows[1].cells.front().starts_with('{'))
    return bad_input(table.name +
                     " has not the three lines of titles of a Qualtrics export; export it again, as CSV");
  for (std::size_t i = 0; i < table.titles.size(); ++i) {
    const nlohmann::json about = nlohmann::json::parse(table.rows[1].cells[i], nullptr, false);
    if (!about.is_object()) continue;
    const auto zone = about.find("timeZone");
    if (zone != about.end() && zone->is_string())
      table.zones[i] = *zone == "Z" ? "UTC" : zone->get<std::string>();
  }
  table.rows.erase(table.rows.begin(), table.rows.begin() + kMore);
  return {};
}

class RowReader {
 public:
  RowReader(const ExportTable& table, Layout layout, const ExportColumns& columns,
            const Instrument& instrument, const ImportSettings& settings, const std::optional<Zone>& zone)
      : table_(table),
        layout_(layout),
        columns_(columns),
        instrument_(instrument),
        settings_(settings),
        zone_(zone) {}

  [[nodiscard]] bool is_empty(const ExportRow& row) const {
    for (const std::size_t column : columns_.items) {
      if (!trimmed(row.cells[column]).empty()) return false;
    }
    return true;
  }

  // Submitted, and no try-out.
  [[nodiscard]] bool is_finished(const ExportRow& row) const {
    const std::string_view finished = cell(row, columns_.finished), status = cell(row, columns_.status);
    switch (layout_) {
      case Layout::redcap:
        return (columns_.finished == ExportTable::none || finished == "2" || finished == "Complete") &&
               cell(row, columns_.time) != "[not completed]";
      case Layout::qualtrics:
        return finished != "0" && finished != "False" && finished != "FALSE" && status != "1" &&
               status != "Survey Preview";
      case Layout::limesurvey:
        return !finished.empty();
      case Layout::detect:
      case Layout::plain:
        break;
    }
    return true;
  }

  Result<Response> read(const ExportRow& row) const {
    const std::string where = at_line(table_.name, row.line) + ", column ";
    Response response{std::string(cell(row, columns_.person)),   {}, instrument_.id, instrument_.version,
                      std::string(cell(row, columns_.language)), {}};
    if (response.person.empty()) return bad_input(where + title(columns_.person) + ": names no person");
    const std::string_view written = cell(row, columns_.time);
    if (layout_ == Layout::limesurvey && written.starts_with("1980-01-01"))
      return bad_input(where + title(columns_.time) +
                       ": LimeSurvey writes 1980 where a survey is not date-stamped; name another " +
                       "column for the time by --map");
    const Result<UtcTime> time = utc_of(written, zone_);
    if (!time) {
      const std::optional<WrittenTime> read = read_time(written);
      const bool needs_zone = !zone_ && read && !read->day_alone;
      return bad_input(where + title(columns_.time) + ": " + time.error().message +
                       (needs_zone ? "; or say by --timezone whose clocks it was read from" : ""));
    }
    response.time = *time;
    for (const std::size_t column : columns_.items) {
      const std::string_view text = cell(row, column);
      std::optional<int>& answer = response.answers.emplace_back();
      if (text.empty()) continue;
      const Result<int> value = answer_of(text);
      if (!value) return bad_input(where + title(column) + ": " + value.error().message);
      answer = *value;
    }
    return response;
  }

 private:
  [[nodiscard]] static std::string_view cell(const ExportRow& row, std::size_t column) {
    return column == ExportTable::none ? std::string_view{} : trimmed(row.cells[column]);
  }
  [[nodiscard]] const std::string& title(std::size_t column) const { return table_.titles[column]; }

  [[nodiscard]] Result<int> answer_of(std::string_view text) const {
    const std::string quoted = "\"" + std::string(text.substr(0, 40)) + "\"";
    if (!settings_.answers.empty()) {
      const auto known = settings_.answers.find(std::string(text));
      if (known == settings_.answers.end())
        return bad_input(quoted + " is no answer that the table of --answers has");
      return known->second;
    }
    int value = 0;
    const bool whole = read_int(text, value);
    if (whole && value >= instrument_.answer_min && value <= instrument_.answer_max) return value;
    return bad_input(quoted + " is no answer from " + std::to_string(instrument_.answer_min) + " to " +
                     std::to_string(instrument_.answer_max) +
                     (whole ? "" : "; for codes or words, say by --answers which number each stands for"));
  }

  const ExportTable& table_;
  Layout layout_;
  const ExportColumns& columns_;
  const Instrument& instrument_;
  const ImportSettings& settings_;
  const std::optional<Zone>& zone_;  // of times without an offset
};

// What the user says about the clocks goes before what the export does.
Result<std::optional<Zone>> zone_of(const ExportTable& table, std::size_t time_column,
                                    const ImportSettings& settings) {
  const std::string& named = table.zones[time_column];
  if (settings.zone || named.empty()) return settings.zone;
  const Result<Zone> zone = Zone::find(named);
  if (!zone)
    return bad_input(table.name + ", column " + table.titles[time_column] + ": " + zone.error().message +
                     "; or name it by --timezone");
  return std::optional(*zone);
}

}  // namespace

Result<Layout> layout_of(const std::string& name) {
  for (const auto& [known, layout] : kLayouts) {
    if (name == known) return layout;
  }
  return wrong_use("\"" + name + "\" is no format; it must be redcap, qualtrics, limesurvey or plain");
}

std::string_view name_of(Layout layout) {
  for (const auto& [name, known] : kLayouts) {
    if (layout == known) return name;
  }
  return "detect";
}

Result<Imported> import_responses(std::unique_ptr<std::istream> input, const std::string& name,
                                  const Instrument& instrument, const ImportSettings& settings) {
  Result<ExportTable> table = read_table(std::move(input), name);
  if (!table) return tl::make_unexpected(table.error());
  const Result<Layout> layout = detect_layout(*table, settings);
  if (!layout) return tl::make_unexpected(layout.error());
  if (*layout == Layout::qualtrics) {
    if (const Status good = take_qualtrics_titles(*table); !good) return tl::make_unexpected(good.error());
  }
  const Result<ExportColumns> columns = find_columns(*table, *layout, instrument, settings);
  if (!columns) return tl::make_unexpected(columns.error());
  Imported imported;
  imported.layout = *layout;
  for (const std::size_t column : columns->items) imported.item_columns.push_back(table->titles[column]);
  imported.person_column = table->titles[columns->person];
  imported.time_column = table->titles[columns->time];
  const Result<std::optional<Zone>> zone = zone_of(*table, columns->time, settings);
  if (!zone) return tl::make_unexpected(zone.error());
  const RowReader reader(*table, *layout, *columns, instrument, settings, *zone);
  PeopleAndTimes seen;
  std::optional<Error> first;  // whoever corrects a file wants to know how much is wrong in it
  std::size_t wrong = 0;
  for (const ExportRow& row : table->rows) {
    if (reader.is_empty(row)) {
      ++imported.empty;
      continue;
    }
    if (!reader.is_finished(row)) {
      ++imported.unfinished;
      continue;
    }
    Result<Response> response = reader.read(row);
    if (response) {
      if (const auto before = seen.before(*response, at_line(name, row.line)))
        response =
            bad_input(at_line(name, row.line) + " repeats " + *before + ": the same person at the same time");
    }
    if (response) {
      imported.responses.push_back(std::move(*response));
    } else if (wrong++ == 0) {
      first = response.error();
    }
  }
  if (first) {
    if (wrong > 1) first->message += " (and " + std::to_string(wrong - 1) + " more lines are wrong)";
    return tl::make_unexpected(*first);
  }
  if (imported.responses.empty())
    return bad_input(name + " holds no finished response to \"" + instrument.id + "\" (" +
                     std::to_string(imported.unfinished) + " unfinished, " + std::to_string(imported.empty) +
                     " without an answer)");
  return imported;
}

Result<Imported> import_responses(const std::filesystem::path& file, const Instrument& instrument,
                                  const ImportSettings& settings) {
  return import_responses(std::make_unique<std::ifstream>(file, std::ios::binary), "'" + file.string() + "'",
                          instrument, settings);
}

}  // namespace pyro::surveys
