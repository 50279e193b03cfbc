#include "import_columns.hpp"

#include <algorithm>
#include <cctype>

#include "csv_text.hpp"

namespace pyro::surveys {
namespace {

constexpr std::string_view kMapAdvice = "; say by --map which column holds what";

// Columns that are numbered alike: "pss_1" … "pss_10", "Q3_1" …, "G01Q02[SQ001]" ….
struct Series {
  std::string prefix;
  std::map<int, std::size_t> columns;
};

std::vector<Series> series_of(const std::vector<std::string>& titles) {
  std::vector<Series> all;
  for (std::size_t i = 0; i < titles.size(); ++i) {
    std::string_view title = titles[i];
    if (title.ends_with(']')) title.remove_suffix(1);
    const std::size_t last = title.find_last_not_of("0123456789");
    const std::size_t digits = last == std::string_view::npos ? 0 : last + 1;
    int number = 0;
    if (!read_int(title.substr(digits), number)) continue;
    const std::string prefix(title.substr(0, digits));
    auto series = std::ranges::find(all, prefix, &Series::prefix);
    if (series == all.end()) series = all.insert(all.end(), Series{prefix, {}});
    series->columns.emplace(number, i);
  }
  return all;
}

bool holds_just(const Series& series, int items) {
  return static_cast<int>(series.columns.size()) == items && series.columns.begin()->first == 1 &&
         series.columns.rbegin()->first == items;
}

std::string letters_of(std::string_view text) {
  std::string letters;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      letters += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return letters;
}

Result<std::vector<std::size_t>> items_by_name(const ExportTable& table, const Instrument& instrument) {
  std::vector<Series> fitting = series_of(table.titles);
  std::erase_if(fitting, [&](const Series& one) { return !holds_just(one, instrument.items); });
  if (fitting.size() > 1) {
    const auto named = std::ranges::find_if(
        fitting, [&](const Series& one) { return letters_of(one.prefix) == letters_of(instrument.id); });
    if (named != fitting.end()) fitting = {*named};
  }
  if (fitting.empty())
    return bad_input(table.name + " has no columns that are numbered from 1 to " +
                     std::to_string(instrument.items) + " and no further, as the items of \"" +
                     instrument.id + "\"" + std::string(kMapAdvice));
  if (fitting.size() > 1)
    return bad_input(table.name + " has several series of " + std::to_string(instrument.items) +
                     " columns (" + fitting[0].prefix + "1, " + fitting[1].prefix + "1)" +
                     std::string(kMapAdvice));
  std::vector<std::size_t> columns;
  for (const auto& [item, at] : fitting.front().columns) columns.push_back(at);
  return columns;
}

Result<std::vector<std::size_t>> items_by_map(const ExportTable& table, const Instrument& instrument,
                                              const std::map<std::string, std::string>& map) {
  std::vector<std::size_t> columns(static_cast<std::size_t>(instrument.items), ExportTable::none);
  for (const auto& [title, meaning] : map) {
    int item = 0;
    if (read_int(meaning, item)) columns[static_cast<std::size_t>(item - 1)] = table.find(title);
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i] == ExportTable::none)
      return bad_input("the map of columns names no column for item " + std::to_string(i + 1) +
                       "; name one for each item or for none");
  }
  return columns;
}

bool any_filled(const ExportTable& table, std::size_t column) {
  return column != ExportTable::none && std::ranges::any_of(table.rows, [column](const ExportRow& row) {
           return !trimmed(row.cells[column]).empty();
         });
}

// The column nearest to the items on one side whose title ends so: a form's fields stand together in a REDCap
// export.
std::size_t near_items(const ExportTable& table, const std::vector<std::size_t>& items,
                       std::string_view ending, bool before) {
  std::size_t found = ExportTable::none;
  const auto [first, last] = std::ranges::minmax(items);
  for (std::size_t i = 0; i < table.titles.size(); ++i) {
    if (!table.titles[i].ends_with(ending)) continue;
    if (before && i < first) found = i;
    if (!before && i > last && found == ExportTable::none) found = i;
  }
  return found;
}

void by_layout(const ExportTable& table, Layout layout, ExportColumns& columns) {
  switch (layout) {
    case Layout::redcap:
      columns.person = 0;
      columns.time = near_items(table, columns.items, "_timestamp", true);
      columns.finished = near_items(table, columns.items, "_complete", false);
      return;
    case Layout::qualtrics:
      columns.person = table.find("ExternalReference");
      if (!any_filled(table, columns.person)) columns.person = table.find("ResponseId");
      columns.time = table.find("EndDate");
      columns.language = table.find("UserLanguage");
      columns.finished = table.find("Finished");
      columns.status = table.find("Status");
      return;
    case Layout::limesurvey:
      columns.person = table.find("token");
      if (!any_filled(table, columns.person)) columns.person = table.find("id");
      columns.time = columns.finished = table.find("submitdate");
      columns.language = table.find("startlanguage");
      return;
    case Layout::detect:
    case Layout::plain:
      break;
  }
  columns.person = table.find("person");
  columns.time = table.find("time_utc");
  if (columns.time == ExportTable::none) columns.time = table.find("time");
  columns.language = table.find("language");
}

}  // namespace

std::size_t ExportTable::find(std::string_view title) const {
  const auto at = std::ranges::find(titles, title);
  return at == titles.end() ? none : static_cast<std::size_t>(at - titles.begin());
}

Result<Layout> detect_layout(const ExportTable& table, const ImportSettings& settings) {
  if (settings.layout != Layout::detect) return settings.layout;
  const auto has = [&table](std::string_view title) { return table.find(title) != ExportTable::none; };
  if (has("ResponseId") && has("StartDate")) return Layout::qualtrics;
  if (has("id") && has("submitdate")) return Layout::limesurvey;
  if (has("record_id") || has("redcap_event_name")) return Layout::redcap;
  if (has("person") || !settings.columns.empty()) return Layout::plain;
  return bad_input(
      table.name +
      " is not known as an export of REDCap, Qualtrics or LimeSurvey and has no column person; say by " +
      "--format which it is, and by --map which column holds what");
}

Result<ExportColumns> find_columns(const ExportTable& table, Layout layout, const Instrument& instrument,
                                   const ImportSettings& settings) {
  bool items_mapped = false;
  for (const auto& [title, meaning] : settings.columns) {
    if (table.find(title) == ExportTable::none)
      return bad_input(table.name + " has no column \"" + title + "\", which the map of columns names");
    items_mapped = items_mapped || (meaning != "person" && meaning != "time" && meaning != "language");
  }
  Result<std::vector<std::size_t>> items =
      items_mapped ? items_by_map(table, instrument, settings.columns) : items_by_name(table, instrument);
  if (!items) return tl::make_unexpected(items.error());
  ExportColumns columns;
  columns.items = std::move(*items);
  by_layout(table, layout, columns);
  for (const auto& [title, meaning] : settings.columns) {
    if (meaning == "person") columns.person = table.find(title);
    if (meaning == "time") columns.time = table.find(title);
    if (meaning == "language") columns.language = table.find(title);
  }
  if (columns.person == ExportTable::none)
    return bad_input(table.name + " has no column for the person" + std::string(kMapAdvice) + " (…,person)");
  if (columns.time == ExportTable::none)
    return bad_input(table.name + " has no column for the time" + std::string(kMapAdvice) + " (…,time)" +
                     (layout == Layout::redcap
                          ? "; REDCap exports one with \"survey identifier field and timestamps\""
                          : ""));
  return columns;
}

}  // namespace pyro::surveys
