#include "pyro/trend/weekly.hpp"

#include <algorithm>
#include <cmath>

#include "numbers.hpp"

namespace pyro::trend {
namespace {

constexpr std::array<const char*, 4> kLevelNames{"low", "moderate", "elevated", "high"};

// What the log remembers between weeks.
class Hysteresis {
 public:
  Hysteresis(const Thresholds& thresholds, const WeekSettings& settings)
      : thresholds_(thresholds), settings_(settings) {}

  void silent() {
    if (++gap_ > settings_.longest_gap) {
      spoken_.clear();
      level_.reset();
    }
  }

  void speak(double strain, Week& week) {
    gap_ = 0;
    spoken_.push_back(strain);
    if (!level_) {
      week.state = spoken_.size() < 3 ? WeekState::starting : WeekState::settled;
      if (week.state == WeekState::starting) return;
      level_ = thresholds_.level_of(median(spoken_));
    } else {
      const double last = spoken_[spoken_.size() - 2];
      const RiskLevel both_reach = thresholds_.level_of(std::min(last, strain));
      const RiskLevel both_left = thresholds_.level_of(std::max(last, strain) + thresholds_.margin);
      const RiskLevel before = *level_;
      if (both_reach > before) {
        level_ = both_reach;
      } else if (both_left < before) {
        level_ = both_left;
      }
      week.changed = *level_ != before;
    }
    week.state = WeekState::settled;
    week.level = level_;
  }

 private:
  const Thresholds& thresholds_;
  const WeekSettings& settings_;
  std::vector<double> spoken_;
  std::optional<RiskLevel> level_;
  int gap_ = 0;
};

}  // namespace

const char* name_of(RiskLevel level) {
  return kLevelNames[static_cast<std::size_t>(level)];
}

std::optional<RiskLevel> risk_level_of(std::string_view name) {
  const auto found = std::ranges::find(kLevelNames, name);
  if (found == kLevelNames.end()) return std::nullopt;
  return static_cast<RiskLevel>(found - kLevelNames.begin());
}

RiskLevel Thresholds::level_of(double strain) const {
  return static_cast<RiskLevel>(
      std::ranges::count_if(from, [strain](double begin) { return strain >= begin; }));
}

Result<Baseline> baseline_of(std::span<const DayValue> days, int span_days) {
  Baseline out;
  std::vector<double> values;
  if (!days.empty()) out.first = days.front().day, out.last = out.first + std::chrono::days{span_days - 1};
  for (const DayValue& day : days) {
    if (day.day <= out.last) values.push_back(day.value);
  }
  out.days = static_cast<int>(values.size());
  if (out.days < kLeastBaselineDays)
    return bad_input("the own baseline needs values on at least " + std::to_string(kLeastBaselineDays) +
                     " of the first " + std::to_string(span_days) + " days; here are " +
                     std::to_string(out.days));
  if (stats::constant(values))
    return bad_input("all values of the own baseline are alike, so it has no spread to measure by");
  const double count = static_cast<double>(values.size());
  out.middle = median(values);
  std::vector<double> distances;
  for (const double value : values) {
    distances.push_back(std::abs(value - out.middle));
    out.mean += value / count;
  }
  double squares = 0, products = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    squares += (values[i] - out.mean) * (values[i] - out.mean);
    if (i > 0) products += (values[i] - out.mean) * (values[i - 1] - out.mean);
  }
  out.deviation = std::sqrt(squares / (count - 1));
  out.lag1 = std::clamp(products / squares, 0.0, 0.9);
  out.spread = 1.4826 * median(distances);
  if (out.spread == 0) out.spread = out.deviation;
  return out;
}

Thresholds own_thresholds(const Baseline& baseline, bool higher_is_worse) {
  Thresholds out;
  out.higher_is_worse = higher_is_worse;
  const double middle = out.strain(baseline.middle), s = baseline.spread;
  out.from = {middle + 0.5 * s, middle + s, middle + 1.5 * s};
  out.margin = 0.25 * s;
  out.source = "own baseline, " + day_text(baseline.first) + " to " + day_text(baseline.last) + " (" +
               std::to_string(baseline.days) + " days with a value)";
  return out;
}

std::vector<Week> weekly_log(std::span<const DayValue> days, const Thresholds& thresholds,
                             const WeekSettings& settings) {
  std::vector<Week> log;
  if (days.empty()) return log;
  Hysteresis memory(thresholds, settings);
  const Day last = iso_week(days.back().day).monday;
  std::size_t at = 0;
  for (Day monday = iso_week(days.front().day).monday; monday <= last; monday += std::chrono::days{7}) {
    Week week;
    week.week = iso_week(monday);
    std::vector<double> values, perclos;
    for (; at < days.size() && days[at].day < monday + std::chrono::days{7}; ++at) {
      values.push_back(days[at].value);
      if (std::isfinite(days[at].perclos)) perclos.push_back(days[at].perclos);
    }
    week.days = static_cast<int>(values.size());
    week.value = median(values);
    week.perclos = median(perclos);
    if (week.days >= settings.least_days) {
      memory.speak(thresholds.strain(week.value), week);
    } else {
      week.state = week.days == 0 ? WeekState::no_data : WeekState::too_few;
      memory.silent();
    }
    log.push_back(week);
  }
  return log;
}

}  // namespace pyro::trend
