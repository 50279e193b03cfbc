#include "pyro/trend/alerts.hpp"

#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdio>

namespace pyro::trend {
namespace {

constexpr std::size_t kLookedBack = 8;

// The numbers for one condition, as a sentence and as they are.
struct Ground {
  std::string sentence;
  nlohmann::json numbers;
};
// Nothing: the condition does not hold.
using Evidence = std::optional<Ground>;

std::string fill(const char* format, ...) __attribute__((format(printf, 1, 2)));
std::string fill(const char* format, ...) {
  char text[320];
  va_list values;
  va_start(values, format);
  std::vsnprintf(text, sizeof text, format, values);
  va_end(values);
  return text;
}

// The last `count` weeks for which `known` holds; empty where there are fewer, or where the log has gone on
// without for two weeks or more: what was then is not now.
template <typename Known>
std::vector<const Week*> last_weeks(const PersonTrend& trend, int count, const Known& known) {
  std::vector<const Week*> found;
  std::size_t silent = 0;
  for (auto week = trend.weeks.rbegin(); week != trend.weeks.rend(); ++week) {
    if (known(*week)) {
      found.push_back(&*week);
    } else if (found.empty() && ++silent >= 2) {
      return {};
    }
    if (static_cast<int>(found.size()) == count) return found;
  }
  return {};
}

Evidence level_evidence(const PersonTrend& trend, RiskLevel least, int weeks) {
  const auto last = last_weeks(trend, weeks, [](const Week& week) { return week.level.has_value(); });
  if (last.empty() || std::ranges::any_of(last, [&](const Week* week) { return *week->level < least; }))
    return std::nullopt;
  int days = 0;
  for (const Week* week : last) days += week->days;
  const std::string from = week_text(last.back()->week), until = week_text(last.front()->week);
  return Ground{
      fill("Level %s or above in the last %d %s with a level (%s to %s), which rest on %d days with a value.",
           name_of(least), weeks, weeks == 1 ? "week" : "weeks", from.c_str(), until.c_str(), days),
      {{"what", "level"},
       {"level", name_of(least)},
       {"weeks", weeks},
       {"from", from},
       {"until", until},
       {"days", days}}};
}

Evidence perclos_evidence(const PersonTrend& trend, double least, int weeks) {
  const auto last = last_weeks(trend, weeks, [](const Week& week) { return std::isfinite(week.perclos); });
  if (last.empty() || std::ranges::any_of(last, [&](const Week* week) { return week->perclos < least; }))
    return std::nullopt;
  const double newest = last.front()->perclos;
  return Ground{
      fill(
          "Eyes at least 80 %% closed for %.0f %% of the time or more in each of the last %d weeks that know "
          "it (weekly medians of sessions; the last: %.0f %%).",
          100 * least, weeks, 100 * newest),
      {{"what", "perclos"}, {"share", least}, {"weeks", weeks}, {"last", newest}}};
}

Evidence rise_evidence(const PersonTrend& trend, int within) {
  std::optional<RiskLevel> before;
  const Week* rise = nullptr;
  RiskLevel from = RiskLevel::low;
  const std::size_t first =
      trend.weeks.size() - std::min(trend.weeks.size(), static_cast<std::size_t>(within));
  for (std::size_t i = 0; i < trend.weeks.size(); ++i) {
    const Week& week = trend.weeks[i];
    if (!week.level) continue;
    if (i >= first && week.changed && before && *week.level > *before) rise = &week, from = *before;
    before = week.level;
  }
  if (rise == nullptr || !rise->level) return std::nullopt;
  const std::string in = week_text(rise->week);
  return Ground{fill("The level rose from %s to %s in week %s; two weeks in a row had reached it (the last: "
                     "%d days with a value).",
                     name_of(from), name_of(*rise->level), in.c_str(), rise->days),
                {{"what", "rise"},
                 {"from", name_of(from)},
                 {"to", name_of(*rise->level)},
                 {"week", in},
                 {"days", rise->days}}};
}

Evidence trend_evidence(const PersonTrend& trend, Change wanted, bool higher_is_worse) {
  if (trend.direction(higher_is_worse) != wanted || !trend.slope.value) return std::nullopt;
  const Slope& slope = *trend.slope.value;
  return Ground{
      fill("Trend %+.3g a week (95 %% interval %+.3g to %+.3g, p = %.2g allowing for days being alike) over "
           "%zu days with a value.",
           7 * slope.per_day, 7 * slope.low, 7 * slope.high, slope.p, trend.days.size()),
      {{"what", "trend"},
       {"per_week", 7 * slope.per_day},
       {"low", 7 * slope.low},
       {"high", 7 * slope.high},
       {"p", slope.p},
       {"days", trend.days.size()}}};
}

Evidence change_point_evidence(const PersonTrend& trend, Change wanted, int within) {
  if (!trend.changes.value || trend.changes.value->points.empty()) return std::nullopt;
  const ChangePoint& last = trend.changes.value->points.back();
  if (last.change != wanted || last.day + std::chrono::days{7 * within} <= trend.days.back().day)
    return std::nullopt;
  const std::string day = day_text(last.day);
  return Ground{
      fill("The usual value went from %.4g to %.4g (medians) about %s.", last.median_before,
           last.median_after, day.c_str()),
      {{"what", "change_point"}, {"before", last.median_before}, {"after", last.median_after}, {"day", day}}};
}

Evidence reliable_evidence(const PersonTrend& trend, Change wanted) {
  if (!trend.reliable.value || trend.reliable.value->change != wanted) return std::nullopt;
  const ReliableChange& change = *trend.reliable.value;
  return Ground{fill("From %.4g to %.4g: %.1f standard errors of their difference (beyond 1.96 counts).",
                     change.before, change.after, change.index),
                {{"what", "reliable_change"},
                 {"before", change.before},
                 {"after", change.after},
                 {"errors", change.index}}};
}

Evidence silence_evidence(const PersonTrend& trend, int least) {
  if (trend.weeks.size() < kLookedBack) return std::nullopt;
  const auto from = trend.weeks.end() - static_cast<std::ptrdiff_t>(kLookedBack);
  const auto silent = std::count_if(from, trend.weeks.end(), [](const Week& week) { return !speaks(week); });
  if (silent < least) return std::nullopt;
  return Ground{fill("%d of the last %zu weeks have too few days with a value to say anything.",
                     static_cast<int>(silent), kLookedBack),
                {{"what", "silence"}, {"weeks", silent}, {"of", kLookedBack}}};
}

// All conditions of a rule; nothing: one of them does not hold.
std::optional<Alert> alert_of(const PersonTrend& trend, const AlertRule& rule, bool higher_is_worse) {
  const AlertCondition& when = rule.when;
  Alert all{&rule, {}};
  const auto holds = [&all](const Evidence& one) {
    if (one) {
      all.evidence += (all.evidence.empty() ? "" : " ") + one->sentence;
      all.grounds.push_back(one->numbers);
    }
    return one.has_value();
  };
  if (when.level_at_least && !holds(level_evidence(trend, *when.level_at_least, when.weeks)))
    return std::nullopt;
  if (when.perclos_at_least && !holds(perclos_evidence(trend, *when.perclos_at_least, when.weeks)))
    return std::nullopt;
  if (when.rose_within_weeks > 0 && !holds(rise_evidence(trend, when.rose_within_weeks))) return std::nullopt;
  if (when.trend != Change::none && !holds(trend_evidence(trend, when.trend, higher_is_worse)))
    return std::nullopt;
  if (when.change_point != Change::none &&
      !holds(change_point_evidence(trend, when.change_point, when.within_weeks)))
    return std::nullopt;
  if (when.reliable_change != Change::none && !holds(reliable_evidence(trend, when.reliable_change)))
    return std::nullopt;
  if (when.silent_weeks > 0 && !holds(silence_evidence(trend, when.silent_weeks))) return std::nullopt;
  return all;
}

}  // namespace

std::vector<Alert> alerts_of(const PersonTrend& trend, const AlertRules& rules, bool higher_is_worse) {
  std::vector<Alert> out;
  for (const AlertRule& rule : rules.rules) {
    if (std::optional<Alert> alert = alert_of(trend, rule, higher_is_worse)) out.push_back(std::move(*alert));
  }
  return out;
}

}  // namespace pyro::trend
