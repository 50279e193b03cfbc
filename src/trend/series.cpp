#include "pyro/trend/series.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <map>
#include <optional>
#include <set>

#include "numbers.hpp"
#include "pyro/base/csv_records.hpp"
#include "pyro/base/text.hpp"

namespace pyro::trend {
namespace {

constexpr std::size_t kNoColumn = static_cast<std::size_t>(-1);

// Where what we read stands in one table.
struct SeriesColumns {
  std::size_t person = kNoColumn, time = kNoColumn, value = kNoColumn, timezone = kNoColumn,
              perclos = kNoColumn, valid_share = kNoColumn, frames = kNoColumn, valid_frames = kNoColumn,
              face = kNoColumn, instrument = kNoColumn, version = kNoColumn, scale = kNoColumn,
              models = kNoColumn, settings = kNoColumn;
  std::size_t count = 0;
  std::string value_name;
  bool sessions = false;
};

Result<SeriesColumns> columns_of(const std::vector<std::string_view>& titles, const std::string& table,
                                 const SeriesSettings& settings) {
  std::map<std::string, std::size_t, std::less<>> at;
  for (std::size_t i = 0; i < titles.size(); ++i) {
    if (!at.emplace(trimmed(titles[i]), i).second)
      return bad_input(table + " has two columns named '" + std::string(titles[i]) + "'");
  }
  const auto find = [&](std::string_view name) {
    const auto found = at.find(name);
    return found == at.end() ? kNoColumn : found->second;
  };
  const auto first_of = [&](const std::string& named, std::initializer_list<std::string_view> known) {
    if (!named.empty()) return find(named);
    for (const std::string_view name : known) {
      if (find(name) != kNoColumn) return find(name);
    }
    return kNoColumn;
  };
  SeriesColumns columns;
  columns.count = titles.size();
  columns.sessions = find("score_final") != kNoColumn && find("index") != kNoColumn;
  const bool survey = find("instrument") != kNoColumn && find("score") != kNoColumn;
  columns.person = first_of(settings.person_column, {"person", "participant", "pseudonym", "id"});
  columns.time = first_of(settings.time_column, {"time_utc", "time", "utc", "date", "start"});
  columns.value = first_of(settings.value_column, {columns.sessions ? "index" : survey ? "score" : "value"});
  if (settings.value_column.empty() && columns.sessions) columns.perclos = find("perclos");
  columns.valid_share = find("valid_share"), columns.timezone = find("timezone");
  if (columns.sessions) {
    columns.frames = find("frames"), columns.valid_frames = find("valid_frames"),
    columns.face = find("face_id");
    columns.models = find("models"), columns.settings = find("settings_hash");
  }
  if (survey) {
    columns.instrument = find("instrument"), columns.version = find("version"), columns.scale = find("scale");
  }
  const auto needed = [&](std::size_t column, const std::string& named, const char* what, const char* flag) {
    return column != kNoColumn
               ? Status{}
               : Status(bad_input(table + " has no column " +
                                  (named.empty() ? std::string("for the ") + what : "'" + named + "'") +
                                  "; name it by " + flag));
  };
  if (Status ok = needed(columns.time, settings.time_column, "time", "--time"); !ok)
    return tl::make_unexpected(ok.error());
  if (Status ok = needed(columns.value, settings.value_column, "value", "--value"); !ok)
    return tl::make_unexpected(ok.error());
  if (!settings.person_column.empty()) {
    if (Status ok = needed(columns.person, settings.person_column, "person", "--id"); !ok)
      return tl::make_unexpected(ok.error());
  }
  columns.value_name = trimmed(titles[columns.value]);
  return columns;
}

// A finite number; nothing of an empty cell.
Result<std::optional<double>> number_of(std::string_view cell) {
  cell = trimmed(cell);
  if (cell.empty()) return std::optional<double>{};
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc{} || end != cell.data() + cell.size() || !std::isfinite(value))
    return bad_input("'" + std::string(cell.substr(0, 40)) +
                     "' is no finite number (an empty cell is no value)");
  return std::optional{value};
}

// Reads tables one after the other into the series of their people.
class Gathering {
 public:
  Gathering(const SeriesSettings& settings, const Zone& zone) : settings_(settings), zone_(zone) {}

  Status read(CsvRecords& records) {
    Result<bool> more = records.next();
    if (!more) return tl::make_unexpected(more.error());
    if (!*more) return bad_input(records.name() + " is empty");
    const Result<SeriesColumns> columns = columns_of(records.cells(), records.name(), settings_);
    if (!columns) return tl::make_unexpected(columns.error());
    if (!measure_.empty() && measure_ != columns->value_name)
      return bad_input(records.name() + " has '" + columns->value_name + "' where the tables before have '" +
                       measure_ + "'; give tables of one kind");
    measure_ = columns->value_name;
    session_index_ = columns->sessions && columns->value_name == "index";
    faces_.clear();
    while ((more = records.next()) && *more) {
      const std::string line = records.name() + ", line " + std::to_string(records.line()) + ": ";
      if (records.cells().size() != columns->count)
        return bad_input(line + std::to_string(records.cells().size()) + " cells where the first line has " +
                         std::to_string(columns->count));
      if (Status added = add(records.cells(), *columns, line); !added)
        return bad_input(line + added.error().message);
    }
    return more ? Status{} : Status(tl::make_unexpected(more.error()));
  }

  Result<SeriesTable> finish() {
    SeriesTable table;
    table.measure = measure_;
    table.session_index = session_index_;
    if (instruments_.size() + scales_.size() > 0) {
      if (Status one = only_one(instruments_, "instruments", "--instrument"); !one)
        return tl::make_unexpected(one.error());
      if (Status one = only_one(scales_, "scales", "--scale"); !one) return tl::make_unexpected(one.error());
      table.instrument = instruments_.empty() ? "" : *instruments_.begin();
      table.scale = scales_.empty() ? "" : *scales_.begin();
      table.measure =
          table.instrument + " " + (table.scale.empty() ? measure_ : table.scale + ", " + measure_);
    }
    for (const std::string& name : order_) {
      Result<PersonSeries> series = finish(name, people_[name]);
      if (!series) return tl::make_unexpected(series.error());
      table.people.push_back(std::move(*series));
    }
    if (table.people.empty()) {
      return settings_.person.empty() || known_.empty()
                 ? bad_input("there is no row with a value in the table")
                 : bad_input("the person '" + settings_.person + "' has no value in the table; it has " +
                             some(known_));
    }
    return table;
  }

 private:
  struct Gathered {
    std::vector<Reading> readings;
    std::vector<std::string> lines;  // of each reading, for errors
    std::set<std::string> zones, makers;
    int poor = 0;  // sessions with too few valid frames
  };

  static std::string some(const std::set<std::string>& names) {
    std::string text;
    std::size_t shown = 0;
    for (const std::string& name : names) {
      if (++shown > 12) return text + " and others";
      text += (text.empty() ? "" : ", ") + name;
    }
    return text;
  }
  static Status only_one(const std::set<std::string>& found, const char* what, const char* flag) {
    if (found.size() < 2) return {};
    return bad_input(std::string("the table mixes ") + what +
                     ", which must not be one series: " + some(found) + "; choose one by " + flag);
  }

  Status add(const std::vector<std::string_view>& cells, const SeriesColumns& columns,
             const std::string& line) {
    const auto cell = [&](std::size_t column) {
      return column == kNoColumn ? std::string_view{} : trimmed(cells[column]);
    };
    std::string person(cell(columns.person));
    if (columns.person == kNoColumn) {
      person = settings_.person.empty() ? "1" : settings_.person;
      if (columns.face != kNoColumn) faces_.emplace(cell(columns.face));
      if (faces_.size() > 1)
        return bad_input(
            "a second face_id, which counts faces within one run and is nobody's name: add a column "
            "'person'");
    }
    if (person.empty()) return bad_input("the person is empty");
    known_.insert(person);
    if (!settings_.person.empty() && person != settings_.person) return {};
    if (columns.instrument != kNoColumn) {
      std::string instrument(cell(columns.instrument)), scale(cell(columns.scale));
      const std::string versioned = instrument + " " + std::string(cell(columns.version));
      if (!settings_.instrument.empty() && settings_.instrument != instrument &&
          settings_.instrument != versioned)
        return {};
      if (!settings_.scale.empty() && scale != settings_.scale) return {};
      if (!cell(columns.version).empty()) instrument = versioned;
      instruments_.insert(instrument);
      scales_.insert(scale);
    }
    const Result<std::optional<double>> value = number_of(cells[columns.value]);
    if (!value) return tl::make_unexpected(value.error());
    if (!*value || std::ranges::find(settings_.missing, **value) != settings_.missing.end()) return {};
    const Result<std::optional<double>> perclos = number_of(cell(columns.perclos));
    if (!perclos) return tl::make_unexpected(perclos.error());
    const Result<bool> usable =
        enough_valid(cell(columns.valid_share), cell(columns.valid_frames), cell(columns.frames));
    if (!usable) return tl::make_unexpected(usable.error());
    const Result<Zone> zone =
        cell(columns.timezone).empty() ? Result<Zone>(zone_) : Zone::find(cell(columns.timezone));
    if (!zone) return tl::make_unexpected(zone.error());
    const Result<Moment> moment = parse_moment(cell(columns.time), *zone);
    if (!moment) return tl::make_unexpected(moment.error());
    const auto [place, is_new] = people_.try_emplace(person);
    if (is_new) order_.push_back(person);
    if (!*usable) {
      ++place->second.poor;
      return {};
    }
    place->second.readings.push_back({moment->time, moment->day, **value, perclos->value_or(kNaN)});
    place->second.lines.push_back(line);
    place->second.zones.insert(zone->name());
    if (columns.sessions)
      place->second.makers.insert(std::string(cell(columns.models)).append(cell(columns.settings)));
    return {};
  }

  Result<bool> enough_valid(std::string_view share, std::string_view valid_frames,
                            std::string_view frames) const {
    const Result<std::optional<double>> given = number_of(share), valid = number_of(valid_frames),
                                        all = number_of(frames);
    for (const auto* part : {&given, &valid, &all}) {
      if (!*part) return tl::make_unexpected(part->error());
    }
    if (*given) return **given >= settings_.least_valid_share;
    if (*valid && *all) return **valid >= settings_.least_valid_share * **all;
    return true;
  }

  static Result<PersonSeries> finish(const std::string& name, Gathered& gathered) {
    const std::size_t n = gathered.readings.size();
    std::vector<std::size_t> order(n);
    std::size_t back = 0;
    for (std::size_t i = 0; i < n; ++i) {
      order[i] = i;
      back += i > 0 && gathered.readings[i].time < gathered.readings[i - 1].time ? 1 : 0;
    }
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
      return gathered.readings[a].time < gathered.readings[b].time;
    });
    PersonSeries series{name, {}, {}, {}};
    for (std::size_t i = 0; i < n; ++i) {
      series.readings.push_back(gathered.readings[order[i]]);
      if (i > 0 && series.readings[i - 1].time == series.readings[i].time)
        return bad_input(gathered.lines[order[i]] + "the person '" + name + "' has a value at " +
                         utc_text(series.readings[i].time) + " already (" +
                         gathered.lines[order[i - 1]].substr(0, gathered.lines[order[i - 1]].size() - 2) +
                         "); leave one of the two");
    }
    for (const std::string& zone : gathered.zones)
      series.timezones += (series.timezones.empty() ? "" : ", ") + zone;
    if (back > 0)
      series.remarks.push_back("Times went back " + std::to_string(back) + (back == 1 ? " time" : " times") +
                               " in the table; the rows were sorted.");
    if (gathered.makers.size() > 1)
      series.remarks.push_back(
          "The sessions were scored with different models or settings, which alone can move the numbers.");
    if (gathered.poor > 0)
      series.remarks.push_back(std::to_string(gathered.poor) +
                               (gathered.poor == 1 ? " session was" : " sessions were") +
                               " left out: too few frames were valid.");
    return series;
  }

  const SeriesSettings& settings_;
  const Zone& zone_;
  std::string measure_;
  bool session_index_ = false;
  std::map<std::string, Gathered> people_;
  std::vector<std::string> order_;
  std::set<std::string> known_, instruments_, scales_, faces_;
};

}  // namespace

Result<SeriesTable> read_series(std::vector<NamedInput> inputs, const SeriesSettings& settings) {
  const Result<Zone> zone = Zone::find(settings.timezone);
  if (!zone) return tl::make_unexpected(zone.error());
  Gathering gathering(settings, *zone);
  std::string source;
  for (NamedInput& input : inputs) {
    source += (source.empty() ? "" : ", ") + input.name;
    CsvRecords records(std::move(input.input), input.name);
    if (Status read = gathering.read(records); !read) return tl::make_unexpected(read.error());
  }
  Result<SeriesTable> table = gathering.finish();
  if (!table) return bad_input(source + ": " + table.error().message);
  table->source = inputs.size() > 3 ? std::to_string(inputs.size()) + " tables" : source;
  return table;
}

Result<SeriesTable> read_series(const std::vector<std::filesystem::path>& files,
                                const SeriesSettings& settings) {
  std::vector<NamedInput> inputs;
  for (const std::filesystem::path& file : files) {
    auto input = std::make_unique<std::ifstream>(file, std::ios::binary);
    if (!*input || std::filesystem::is_directory(file))
      return bad_input(file.string() + " cannot be read; give a CSV file");
    inputs.push_back({std::move(input), file.filename().string()});
  }
  return read_series(std::move(inputs), settings);
}

std::vector<DayValue> by_day(const std::vector<Reading>& readings) {
  std::map<Day, std::pair<std::vector<double>, std::vector<double>>> days;
  for (const Reading& reading : readings) {
    auto& [values, perclos] = days[reading.day];
    values.push_back(reading.value);
    if (std::isfinite(reading.perclos)) perclos.push_back(reading.perclos);
  }
  std::vector<DayValue> out;
  out.reserve(days.size());
  for (auto& [day, parts] : days)
    out.push_back({day, median(parts.first), median(parts.second), static_cast<int>(parts.first.size())});
  return out;
}

}  // namespace pyro::trend
