// What may be said of a group: never anything of fewer than k people, and nothing that lets one person's
// value be found by comparing two figures.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "pyro/trend/weekly.hpp"

namespace pyro::trend {

struct GroupSettings {
  int k = 10;       // people, at least 5
  double grid = 0;  // figures are rounded to multiples of it; above 0
};

struct GroupWeek {
  IsoWeek week;
  bool shown = false;                    // else nothing below is known, nor why
  int people = 0;                        // rounded down to a multiple of 5
  double low = 0, median = 0, high = 0;  // quartiles and median of the people's weeks, rounded to the grid
};

struct Group {
  int people = 0;  // rounded down to a multiple of 5
  std::vector<GroupWeek> weeks;
};

// Of each person's weeks those that speak. A week is shown when at least k
// people speak in it, and when its people are, against every week shown before, either the same or differ by
// at least 3 (who came and who went, counted together): two shown weeks never differ by one or two people.
// Error (bad_input): fewer than k people; the message says k, not how many there are.
[[nodiscard]] Result<Group> group_weeks(std::span<const std::vector<Week>> logs,
                                        const GroupSettings& settings);

}  // namespace pyro::trend
