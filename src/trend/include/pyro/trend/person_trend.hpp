// All that is said of one person's weeks, each part with its reason where it cannot be said.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pyro/trend/changes.hpp"
#include "pyro/trend/level.hpp"
#include "pyro/trend/reliable.hpp"
#include "pyro/trend/slope.hpp"

namespace pyro::trend {

struct TrendSettings {
  bool higher_is_worse = true;
  std::optional<Thresholds> thresholds;  // none: the person's own (own_thresholds)
  int baseline_days = 28, recent_days = 28;
  WeekSettings weeks;
  std::optional<InstrumentError> instrument_error;  // none: change_from_baseline
};

// A part that was computed, or why not.
template <typename T>
struct Part {
  std::optional<T> value;
  std::string why_not;
};

struct ChangePoint {
  Day day;                                     // the first with the new usual value
  double median_before = 0, median_after = 0;  // of the two stretches around it
  Change change = Change::none;                // none: the medians are alike
};
struct FoundChanges {
  std::vector<ChangePoint> points;
  double lag1 = 0;
};
// The level on every day from the first to the last, those without a value too.
struct DailyLevel {
  std::vector<Day> day;
  SmoothLevel smooth;
};

struct PersonTrend {
  std::string person, timezones;
  std::vector<std::string> remarks;
  std::size_t readings = 0;
  std::vector<DayValue> days;
  Part<Slope> slope;
  Part<DailyLevel> level;
  Part<FoundChanges> changes;
  Part<Baseline> baseline;
  Part<Thresholds> thresholds;
  std::vector<Week> weeks;  // without thresholds: values, but no levels
  Part<ReliableChange> reliable;

  // Whether the slope's interval leaves out 0 and p < 0.05, over at least four weeks.
  [[nodiscard]] Change direction(bool higher_is_worse) const;
};

[[nodiscard]] PersonTrend follow(const PersonSeries& series, const TrendSettings& settings);

}  // namespace pyro::trend
