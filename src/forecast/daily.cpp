#include "pyro/forecast/daily.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <fstream>
#include <map>

#include "pyro/base/csv_records.hpp"

namespace pyro::forecast {
namespace {

constexpr long kMostDays = 36525;

std::optional<long> day_number(std::string_view text) {
  int year = 0;
  unsigned month = 0, day = 0;
  const auto whole = [](std::string_view part, auto& value) {
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    return error == std::errc{} && end == part.data() + part.size();
  };
  if (text.size() < 10 || text[4] != '-' || text[7] != '-' || !whole(text.substr(0, 4), year) ||
      !whole(text.substr(5, 2), month) || !whole(text.substr(8, 2), day))
    return {};
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                         std::chrono::day{day}};
  if (!date.ok()) return {};
  return std::chrono::sys_days{date}.time_since_epoch().count();
}

struct DaySum {
  double sum = 0;
  int count = 0;
};

}  // namespace

Result<std::vector<Series>> read_daily(const std::filesystem::path& table, const DailyColumns& columns) {
  auto file = std::make_unique<std::ifstream>(table, std::ios::binary);
  if (!*file) return bad_input(table.string() + ": cannot be read; check the path");
  CsvRecords records(std::move(file), table.string());
  Result<bool> more = records.next();
  if (!more) return tl::make_unexpected(more.error());
  std::array<std::size_t, 3> at{};
  const std::array names{columns.person, columns.time, columns.value};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto found = std::ranges::find(records.cells(), names[i]);
    if (!*more || found == records.cells().end())
      return bad_input(table.string() + ": there is no column '" + names[i] + "' in its first line");
    at[i] = static_cast<std::size_t>(found - records.cells().begin());
  }
  const std::size_t width = records.cells().size();
  std::map<std::string, std::map<long, DaySum>> persons;
  while ((more = records.next()) && *more) {
    const auto& cells = records.cells();
    const std::string where = table.string() + ", line " + std::to_string(records.line()) + ": ";
    if (cells.size() != width)
      return bad_input(where + "has " + std::to_string(cells.size()) + " cells, the first line " +
                       std::to_string(width));
    const std::optional<long> day = day_number(cells[at[1]]);
    if (!day)
      return bad_input(where + columns.time + " is '" + std::string(cells[at[1]]) +
                       "', which begins with no date");
    DaySum& sum = persons[std::string(cells[at[0]])][*day];
    const std::string_view cell = cells[at[2]];
    if (cell.empty()) continue;
    double value = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error != std::errc{} || end != cell.data() + cell.size() || !std::isfinite(value))
      return bad_input(where + columns.value + " is '" + std::string(cell) + "', which is no number");
    if (columns.missing && value == *columns.missing) continue;
    sum.sum += value;
    ++sum.count;
  }
  if (!more) return tl::make_unexpected(more.error());
  std::vector<Series> all;
  for (const auto& [person, days] : persons) {
    const long first = days.begin()->first, last = days.rbegin()->first;
    if (last - first > kMostDays)
      return bad_input(table.string() + ": more than 100 years lie between two days of " + person);
    Series series{person, person, std::vector<Step>(static_cast<std::size_t>(last - first) + 1), {}};
    for (const auto& [day, sum] : days) {
      if (sum.count == 0) continue;
      Step& step = series.steps[static_cast<std::size_t>(day - first)];
      step.seen = true;
      step.score = sum.sum / sum.count;
    }
    all.push_back(std::move(series));
  }
  return all;
}

}  // namespace pyro::forecast
