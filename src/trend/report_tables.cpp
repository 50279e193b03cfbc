#include <array>
#include <charconv>
#include <cmath>

#include "pyro/base/csv_text.hpp"
#include "pyro/base/notice.hpp"
#include "pyro/trend/report.hpp"

namespace pyro::trend {
namespace {

using Json = nlohmann::json;

Json number_or_null(double value) {
  return std::isfinite(value) ? Json(value) : Json();
}

// Shortest decimals that read back to the same bits; empty where there is no value.
std::string csv_number(double value) {
  if (!std::isfinite(value)) return {};
  std::array<char, 32> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

std::string csv_text(const std::string& text) {
  std::string out;
  append_csv_shown(out, text);
  return out;
}

template <typename T, typename Write>
Json part_json(const Part<T>& part, const Write& write) {
  if (!part.value) return {{"error", part.why_not}};
  return write(*part.value);
}

Json slope_json(const Slope& slope) {
  return {{"per_week", 7 * slope.per_day},        {"per_week_95", {7 * slope.low, 7 * slope.high}},
          {"at_start", slope.at_start},           {"p", slope.p},
          {"p_independent", slope.p_independent}, {"variance_factor", slope.variance_factor}};
}

Json level_json(const DailyLevel& level) {
  Json days = Json::array();
  for (std::size_t i = 0; i < level.day.size(); ++i)
    days.push_back({day_text(level.day[i]), level.smooth.value[i], level.smooth.deviation[i]});
  return {{"noise_variance", level.smooth.noise_variance},
          {"wander_variance_per_day", level.smooth.wander_variance},
          {"days", std::move(days)}};
}

Json changes_json(const FoundChanges& changes) {
  Json points = Json::array();
  for (const ChangePoint& point : changes.points) {
    points.push_back({{"day", day_text(point.day)},
                      {"median_before", point.median_before},
                      {"median_after", point.median_after},
                      {"change", name_of(point.change)}});
  }
  return {{"points", std::move(points)}, {"lag1", changes.lag1}};
}

Json thresholds_json(const Thresholds& thresholds) {
  Json from = Json::array();
  for (const double strain : thresholds.from) from.push_back(thresholds.strain(strain));
  return {{"from", std::move(from)}, {"margin", thresholds.margin}, {"source", thresholds.source}};
}

Json week_json(const Week& week) {
  return {{"week", week_text(week.week)},
          {"monday", day_text(week.week.monday)},
          {"days", week.days},
          {"value", number_or_null(week.value)},
          {"perclos", number_or_null(week.perclos)},
          {"state", name_of(week.state)},
          {"level", week.level ? Json(name_of(*week.level)) : Json()},
          {"changed", week.changed}};
}

}  // namespace

const char* name_of(WeekState state) {
  constexpr std::array kNames{"settled", "starting", "unrated", "too_few", "no_data"};
  return kNames[static_cast<std::size_t>(state)];
}

Json to_json(const PersonTrend& trend, const TrendReport& report) {
  Json weeks = Json::array(), alerts = Json::array();
  for (const Week& week : trend.weeks) weeks.push_back(week_json(week));
  for (const Alert& alert : alerts_of(trend, report.rules, report.settings.higher_is_worse)) {
    alerts.push_back({{"rule", alert.rule->id},
                      {"title", alert.rule->words.title},
                      {"seen", alert.rule->words.seen},
                      {"evidence", alert.evidence},
                      {"try", alert.rule->words.suggestions},
                      {"see_someone", alert.rule->words.see_someone},
                      {"rationale", alert.rule->rationale},
                      {"sources", alert.rule->sources}});
  }
  return {{"person", trend.person},
          {"source", report.source},
          {"measure", report.measure},
          {"higher", report.settings.higher_is_worse ? "worse" : "better"},
          {"notice", kNotice},
          {"timezone", trend.timezones},
          {"readings", trend.readings},
          {"days", trend.days.size()},
          {"first", trend.days.empty() ? Json() : Json(day_text(trend.days.front().day))},
          {"last", trend.days.empty() ? Json() : Json(day_text(trend.days.back().day))},
          {"remarks", trend.remarks},
          {"trend", part_json(trend.slope, slope_json)},
          {"direction", name_of(trend.direction(report.settings.higher_is_worse))},
          {"level", part_json(trend.level, level_json)},
          {"changes", part_json(trend.changes, changes_json)},
          {"thresholds", part_json(trend.thresholds, thresholds_json)},
          {"reliable_change", part_json(trend.reliable,
                                        [](const ReliableChange& change) -> Json {
                                          return {{"before", change.before},
                                                  {"after", change.after},
                                                  {"standard_error", change.standard_error},
                                                  {"index", change.index},
                                                  {"change", name_of(change.change)},
                                                  {"how", change.how}};
                                        })},
          {"weeks", std::move(weeks)},
          {"alerts_notice", report.rules.notice},
          {"alerts", std::move(alerts)}};
}

Json to_json(const Group& group, const TrendReport& report, const GroupSettings& settings) {
  Json weeks = Json::array();
  for (const GroupWeek& week : group.weeks) {
    Json row{{"week", week_text(week.week)}, {"shown", week.shown}};
    if (week.shown) {
      row["people_at_least"] = week.people;
      row["q25"] = week.low, row["median"] = week.median, row["q75"] = week.high;
    }
    weeks.push_back(std::move(row));
  }
  return {{"group", true},
          {"source", report.source},
          {"measure", report.measure},
          {"notice", kNotice},
          {"k", settings.k},
          {"grid", settings.grid},
          {"people_at_least", group.people},
          {"weeks", std::move(weeks)}};
}

std::string weeks_csv(const std::vector<PersonTrend>& people) {
  std::string out = "person,week,monday,days,value,level,state,changed,perclos\n";
  for (const PersonTrend& trend : people) {
    for (const Week& week : trend.weeks) {
      out += csv_text(trend.person) + "," + week_text(week.week) + "," + day_text(week.week.monday) + "," +
             std::to_string(week.days) + "," + csv_number(week.value) + "," +
             (week.level ? name_of(*week.level) : "") + "," + name_of(week.state) + "," +
             (week.changed ? "1" : "0") + "," + csv_number(week.perclos) + "\n";
    }
  }
  return out;
}

std::string weeks_csv(const Group& group) {
  std::string out = "week,monday,people_at_least,q25,median,q75\n";
  for (const GroupWeek& week : group.weeks) {
    out += week_text(week.week) + "," + day_text(week.week.monday);
    out += week.shown ? "," + std::to_string(week.people) + "," + csv_number(week.low) + "," +
                            csv_number(week.median) + "," + csv_number(week.high) + "\n"
                      : ",,,,\n";
  }
  return out;
}

}  // namespace pyro::trend
