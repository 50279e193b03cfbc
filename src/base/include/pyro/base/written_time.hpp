// Times as people and programs write them (ISO 8601 and the forms near it), before it is said which zone's
// clock they were read from: see zone.hpp.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace pyro {

// What a clock on a wall shows, and a day of the calendar beside it, wherever they hang.
using WallTime = std::chrono::local_time<std::chrono::microseconds>;
using Day = std::chrono::local_days;

struct WrittenTime {
  WallTime wall;                               // of a day alone: its beginning
  std::optional<std::chrono::minutes> offset;  // of that clock from UTC, east is positive; none was written
  bool day_alone = false;                      // no clock was read

  [[nodiscard]] Day day() const { return std::chrono::floor<std::chrono::days>(wall); }
};

// "2026-01-31", "2026-01-31T12:04", "2026-01-31 12:04:09.5+01:00": a T or a blank before the clock; seconds,
// their decimals (past the sixth they are dropped) and the offset (Z, +01, +0100, +01:00; a blank may stand
// before it) may be missing. Nothing: another form, or there is no such date, time of day or offset. A second
// has 0 to 59: our clock, like std::chrono's, has no leap seconds.
[[nodiscard]] std::optional<WrittenTime> read_time(std::string_view text);

[[nodiscard]] std::string day_text(Day day);  // "2020-02-14"

}  // namespace pyro
