// Days and weeks as a person lives them: in their own time zone, so that a late evening belongs to its own
// day and a week begins on their Monday, also across a switch to or from daylight-saving time.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "pyro/base/result.hpp"
#include "pyro/base/time.hpp"

namespace pyro::trend {

using Day = std::chrono::local_days;
using WallTime = std::chrono::local_time<std::chrono::microseconds>;

// A time zone of the IANA database, as the system has it (its files know switches up to 2037).
class Zone {
 public:
  // "Europe/Oslo", "UTC". Error (wrong_use): there is none of that name.
  [[nodiscard]] static Result<Zone> find(std::string_view name);

  [[nodiscard]] Day day_of(UtcTime time) const;
  // When a clock on the wall shows this. What it shows twice, when it is set back, is the first time; what it
  // skips, when it is set forward, is the moment of the switch.
  [[nodiscard]] UtcTime instant(WallTime wall) const;
  [[nodiscard]] std::string name() const;

 private:
  explicit Zone(const void* zone) : zone_(zone) {}
  const void* zone_;  // the library's, which keeps it for the life of the process
};

// A moment as a table has it: "2026-03-29T08:31:40.751Z", with an offset ("+01:00") or without (then `zone`'s
// wall clock), with a blank for the T, without seconds; or a day alone, "2026-03-29".
struct Moment {
  UtcTime time;  // of a day alone: its noon
  Day day;       // in `zone`
};
// Error (bad_input): it is none of these; the message is to follow on where it stood.
[[nodiscard]] Result<Moment> parse_moment(std::string_view text, const Zone& zone);

// ISO 8601: weeks begin on Monday, and week 1 is the one with the year's first Thursday.
struct IsoWeek {
  int year = 0, week = 0;
  Day monday;
};
[[nodiscard]] IsoWeek iso_week(Day day);
[[nodiscard]] std::string week_text(const IsoWeek& week);  // "2020-W07"
[[nodiscard]] std::string day_text(Day day);               // "2020-02-14"

}  // namespace pyro::trend
