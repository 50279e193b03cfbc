#include "pyro/trend/person_trend.hpp"

#include <algorithm>

#include "numbers.hpp"

namespace pyro::trend {
namespace {

template <typename T>
Part<T> part_of(Result<T> result) {
  if (!result) return {std::nullopt, result.error().message};
  return {std::move(*result), {}};
}

Change change_between(double before, double after, bool higher_is_worse) {
  if (before == after) return Change::none;
  return (after > before) == higher_is_worse ? Change::worse : Change::better;
}

Result<DailyLevel> daily_level(const std::vector<DayValue>& days) {
  DailyLevel out;
  std::vector<double> number, value;
  if (!days.empty()) {
    std::size_t at = 0;
    for (Day day = days.front().day; day <= days.back().day; day += std::chrono::days{1}) {
      out.day.push_back(day);
      number.push_back(static_cast<double>(number.size()));
      value.push_back(days[at].day == day ? days[at++].value : kNaN);
    }
  }
  Result<SmoothLevel> smooth = smooth_level(number, value);
  if (!smooth) return tl::make_unexpected(smooth.error());
  out.smooth = std::move(*smooth);
  return out;
}

Result<FoundChanges> found_changes(const std::vector<DayValue>& days, const std::vector<double>& values,
                                   bool higher_is_worse) {
  const Result<Changes> cuts = change_points(values);
  if (!cuts) return tl::make_unexpected(cuts.error());
  FoundChanges out{{}, cuts->lag1};
  for (std::size_t i = 0; i < cuts->first.size(); ++i) {
    const auto at = [&](std::size_t index) { return values.begin() + static_cast<std::ptrdiff_t>(index); };
    const std::size_t from = i == 0 ? 0 : cuts->first[i - 1], here = cuts->first[i];
    const std::size_t to = i + 1 < cuts->first.size() ? cuts->first[i + 1] : values.size();
    ChangePoint point{days[here].day, median({at(from), at(here)}), median({at(here), at(to)}), Change::none};
    point.change = change_between(point.median_before, point.median_after, higher_is_worse);
    out.points.push_back(point);
  }
  return out;
}

Result<ReliableChange> reliable(const PersonTrend& trend, const TrendSettings& settings) {
  if (settings.instrument_error) {
    if (trend.days.size() < 2) return bad_input("a change needs values on two days");
    return reliable_change(trend.days.front().value, trend.days.back().value, *settings.instrument_error,
                           settings.higher_is_worse);
  }
  if (!trend.baseline.value) return bad_input(trend.baseline.why_not);
  return change_from_baseline(trend.days, *trend.baseline.value, settings.recent_days,
                              settings.higher_is_worse);
}

// Without thresholds a week still has its days and its value.
std::vector<Week> without_levels(std::vector<Week> weeks) {
  for (Week& week : weeks) {
    week.level.reset(), week.changed = false;
    if (speaks(week)) week.state = WeekState::unrated;
  }
  return weeks;
}

}  // namespace

Change PersonTrend::direction(bool higher_is_worse) const {
  if (!slope.value || slope.value->p >= 0.05 || slope.value->low * slope.value->high <= 0)
    return Change::none;
  if (days.back().day - days.front().day < std::chrono::days{27}) return Change::none;
  return change_between(0, slope.value->per_day, higher_is_worse);
}

PersonTrend follow(const PersonSeries& series, const TrendSettings& settings) {
  PersonTrend out;
  out.person = series.person, out.timezones = series.timezones, out.remarks = series.remarks;
  out.readings = series.readings.size();
  out.days = by_day(series.readings);
  std::vector<double> number, value;
  for (const DayValue& day : out.days) {
    number.push_back(static_cast<double>((day.day - out.days.front().day).count()));
    value.push_back(day.value);
  }
  out.slope = part_of(robust_slope(number, value));
  out.level = part_of(daily_level(out.days));
  out.changes = part_of(found_changes(out.days, value, settings.higher_is_worse));
  out.baseline = part_of(baseline_of(out.days, settings.baseline_days));
  if (settings.thresholds) {
    out.thresholds = {settings.thresholds, {}};
  } else if (out.baseline.value) {
    out.thresholds = {own_thresholds(*out.baseline.value, settings.higher_is_worse), {}};
  } else {
    out.thresholds.why_not = out.baseline.why_not;
  }
  out.weeks = weekly_log(out.days, out.thresholds.value.value_or(Thresholds{}), settings.weeks);
  if (!out.thresholds.value) out.weeks = without_levels(std::move(out.weeks));
  out.reliable = part_of(reliable(out, settings));
  return out;
}

}  // namespace pyro::trend
