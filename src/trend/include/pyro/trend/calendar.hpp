// Days and weeks as a person lives them: in their own time zone, so that a late evening belongs to its own
// day and a week begins on their Monday, also across a switch to or from daylight-saving time.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "pyro/base/result.hpp"
#include "pyro/base/zone.hpp"

namespace pyro::trend {

// A moment as a table has it: as read_time takes it, without an offset by `zone`'s clocks; or a day alone.
struct Moment {
  UtcTime time;  // of a day alone: its noon
  Day day;       // in `zone`
};
// Errors (bad_input): none of these, or not of 1900 to 2200; an hour that those clocks skipped or showed
// twice. The message is to follow on where it stood.
[[nodiscard]] Result<Moment> parse_moment(std::string_view text, const Zone& zone);

// ISO 8601: weeks begin on Monday, and week 1 is the one with the year's first Thursday.
struct IsoWeek {
  int year = 0, week = 0;
  Day monday;
};
[[nodiscard]] IsoWeek iso_week(Day day);
[[nodiscard]] std::string week_text(const IsoWeek& week);  // "2020-W07"

}  // namespace pyro::trend
