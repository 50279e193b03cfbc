// The weekly log: at which of four levels a person's weeks were. The levels are a rule on numbers, not a
// finding about a person; no survey has confirmed the thresholds.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pyro/trend/series.hpp"

namespace pyro::trend {

enum class RiskLevel { low, moderate, elevated, high };
[[nodiscard]] const char* name_of(RiskLevel level);
[[nodiscard]] std::optional<RiskLevel> risk_level_of(std::string_view name);

// Where a level begins, on an axis on which more is more strain: the value itself, or its negative where
// higher is better.
struct Thresholds {
  bool higher_is_worse = true;
  std::array<double, 3> from{};  // moderate, elevated, high: ascending, as strain
  double margin = 0;             // how far below a level's beginning weeks must be to leave it; >= 0
  std::string source;            // "own baseline of 28 days", "file", "given"

  [[nodiscard]] double strain(double value) const { return higher_is_worse ? value : -value; }
  [[nodiscard]] RiskLevel level_of(double strain) const;
};

// What a person's own first weeks say: their days' median m and spread s (1.4826 times the median absolute
// deviation; the standard deviation where that is 0). Levels begin at m + 0.5 s, m + s and m + 1.5 s, and the
// margin is 0.25 s: half a standard deviation is about the least change that people notice in their own state
// (Norman, Sloan and Wyrwich 2003). The steps are our choice.
struct Baseline {
  int days = 0;     // with a value
  Day first, last;  // of the span that was looked at
  double middle = 0, spread = 0;
  double mean = 0, deviation = 0, lag1 = 0;  // of the same days; lag1 of neighbouring ones, 0 or above
};
inline constexpr int kLeastBaselineDays = 10;
// Of the days within `span_days` from the first. Errors (bad_input): fewer than kLeastBaselineDays with a
// value; all alike.
[[nodiscard]] Result<Baseline> baseline_of(std::span<const DayValue> days, int span_days);
[[nodiscard]] Thresholds own_thresholds(const Baseline& baseline, bool higher_is_worse);

struct WeekSettings {
  int least_days = 2;   // with a value, for a week to say something; 1..7
  int longest_gap = 4;  // weeks that say nothing in a row, after which the log begins anew; 1..52
};

enum class WeekState {
  settled,   // has a level
  starting,  // one of the first weeks, before three have said something
  unrated,   // enough days, but no thresholds to rate them by
  too_few,   // some days, but fewer than needed
  no_data,   // no day at all
};

struct Week {
  IsoWeek week;
  int days = 0;        // with a value
  double value = 0;    // median of the days' values; NaN without any
  double perclos = 0;  // median of the days'; NaN: not known
  WeekState state = WeekState::no_data;
  std::optional<RiskLevel> level;  // of settled weeks only
  bool changed = false;            // the level is another than that of the last settled week
};

// Whether it has enough days to say something.
[[nodiscard]] constexpr bool speaks(const Week& week) {
  return week.state != WeekState::too_few && week.state != WeekState::no_data;
}

// Every week from the first value's to the last's, also those without data. The rule:
// 1. A week speaks when at least least_days of its days have a value; it says v, the median of their strain.
//    All other weeks have no level, and none is carried into them.
// 2. The log starts with the third week that speaks: its level is that of the median of the three v.
// 3. Up: when this week and the last one that spoke both reach a level above the present one, the level
//    becomes the highest that both reach.
// 4. Down: when both lie more than the margin below the beginning of the present level, the level becomes the
//    lowest for which that holds.
// 5. After more than longest_gap weeks in a row that do not speak it starts anew at 2.
// So one day, which touches one week, never moves a log whose other days stay in their level; a change that
// stays shows with the second week that speaks.
[[nodiscard]] std::vector<Week> weekly_log(std::span<const DayValue> days, const Thresholds& thresholds,
                                           const WeekSettings& settings = {});

}  // namespace pyro::trend
