#include "pyro/trend/group.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>

#include "numbers.hpp"

namespace pyro::trend {
namespace {

constexpr int kCountStep = 5;
constexpr std::size_t kLeastDifference = 3;

using Members = std::vector<std::size_t>;  // ascending

bool too_close(const Members& some, const Members& others) {
  Members differing;
  std::ranges::set_symmetric_difference(some, others, std::back_inserter(differing));
  return !differing.empty() && differing.size() < kLeastDifference;
}

int rounded_count(std::size_t people) {
  return static_cast<int>(people) / kCountStep * kCountStep;
}

}  // namespace

Result<Group> group_weeks(std::span<const std::vector<Week>> logs, const GroupSettings& settings) {
  const auto k = static_cast<std::size_t>(settings.k);
  if (logs.size() < k)
    return bad_input("a group is shown from " + std::to_string(settings.k) +
                     " people on, and here are fewer; nothing is said of smaller groups");
  struct Column {
    IsoWeek week;
    Members members;
    std::vector<double> values;
  };
  std::map<Day, Column> columns;
  for (std::size_t person = 0; person < logs.size(); ++person) {
    for (const Week& week : logs[person]) {
      Column& column = columns[week.week.monday];
      column.week = week.week;
      if (!speaks(week)) continue;
      column.members.push_back(person);
      column.values.push_back(week.value);
    }
  }
  Group out;
  out.people = rounded_count(logs.size());
  std::vector<Members> shown;
  for (const auto& [monday, column] : columns) {
    GroupWeek week;
    week.week = column.week;
    week.shown = column.members.size() >= k && std::ranges::none_of(shown, [&](const Members& before) {
                   return too_close(before, column.members);
                 });
    if (week.shown) {
      const auto at = [&](double share) {
        return std::round(quantile(column.values, share) / settings.grid) * settings.grid;
      };
      week.people = rounded_count(column.members.size());
      week.low = at(0.25), week.median = at(0.5), week.high = at(0.75);
      shown.push_back(column.members);
    }
    out.weeks.push_back(week);
  }
  return out;
}

}  // namespace pyro::trend
