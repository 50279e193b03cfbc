#include <algorithm>
#include <cmath>

#include "numbers.hpp"
#include "pyro/html/charts.hpp"
#include "pyro/html/table.hpp"
#include "pyro/trend/report.hpp"

namespace pyro::trend {
namespace {

using html::Cell;

// Enough figures for values of this size: 41.3, 3.27, 0.0412.
std::string figure(double value) {
  if (!std::isfinite(value)) return html::fixed(value, 0);
  const double size = std::abs(value);
  return html::fixed(value, size >= 10 ? 1 : size >= 0.1 || size == 0 ? 2 : 4);
}

std::string signed_figure(double value) {
  return (value > 0 ? "+" : "") + figure(value);
}

Cell heading(const char* text) {
  Cell cell = Cell::count(0);
  cell.text = text;
  return cell;
}

Cell figure_cell(double value) {
  Cell cell = Cell::count(0);
  cell.text = figure(value);
  return cell;
}

html::Tint level_tint(RiskLevel level) {
  constexpr std::array kTints{html::Tint::good, html::Tint::happy, html::Tint::warning, html::Tint::fear};
  return kTints[static_cast<std::size_t>(level)];
}

const char* state_words(const Week& week) {
  switch (week.state) {
    case WeekState::settled:
      return week.changed ? "the level changed" : "";
    case WeekState::starting:
      return "the log starts with the third week that has enough days";
    case WeekState::unrated:
      return "no thresholds to rate it by";
    case WeekState::too_few:
      return "too few days";
    case WeekState::no_data:
      break;
  }
  return "no data";
}

constexpr const char* kSilent = "·";

std::string letter_of(const Week& week) {
  if (week.level) return std::string(1, "LMEH"[static_cast<std::size_t>(*week.level)]);
  return !speaks(week) ? kSilent : week.state == WeekState::starting ? "s" : "–";
}

html::Html series_chart(const PersonTrend& trend, const TrendReport& report) {
  const Day first = trend.days.front().day;
  const auto weeks = [&](Day day) { return static_cast<double>((day - first).count()) / 7; };
  html::LineChart chart{"Days, level and trend",
                        {"weeks since " + day_text(first), false, 0},
                        {report.measure},
                        {},
                        {},
                        false,
                        {1040, 340}};
  const auto [low, high] = std::ranges::minmax(trend.days, {}, &DayValue::value);
  const double room = high.value > low.value ? (high.value - low.value) / 20 : 0.5;
  chart.y.from = low.value - room, chart.y.to = high.value + room;
  html::Series days{"a day", {}, {}, {}, {}, html::Tint::muted};
  // Each day apart from the next: dots without a line.
  for (const DayValue& day : trend.days) {
    days.x.insert(days.x.end(), {weeks(day.day), weeks(day.day)});
    days.y.insert(days.y.end(), {day.value, kNaN});
  }
  days.dots = true;
  chart.series.push_back(std::move(days));
  if (trend.level.value) {
    html::Series level{"level with 95 % band", {}, {}, {}, {}, html::Tint::accent};
    const DailyLevel& daily = *trend.level.value;
    for (std::size_t i = 0; i < daily.day.size(); ++i) {
      const double half = kZ95 * daily.smooth.deviation[i];
      level.x.push_back(weeks(daily.day[i])), level.y.push_back(daily.smooth.value[i]);
      level.low.push_back(daily.smooth.value[i] - half), level.high.push_back(daily.smooth.value[i] + half);
    }
    chart.series.push_back(std::move(level));
  }
  if (trend.slope.value) {
    const Slope& slope = *trend.slope.value;
    const double end = static_cast<double>((trend.days.back().day - first).count());
    chart.series.push_back({"robust trend",
                            {0, end / 7},
                            {slope.at_start, slope.at_start + end * slope.per_day},
                            {},
                            {},
                            html::Tint::sad,
                            true});
  }
  if (trend.changes.value) {
    for (const ChangePoint& point : trend.changes.value->points)
      chart.marks.push_back(
          {weeks(point.day), figure(point.median_before) + " → " + figure(point.median_after)});
  }
  return html::chart(chart);
}

html::Html weeks_table(const PersonTrend& trend) {
  html::Table table{"", {"week", "from Monday", heading("days"), heading("median"), "level", ""}, {}};
  for (const Week& week : trend.weeks) {
    table.rows.push_back({week_text(week.week), day_text(week.week.monday), Cell::count(week.days),
                          figure_cell(week.value), week.level ? name_of(*week.level) : "–",
                          state_words(week)});
  }
  return html::table(table);
}

html::Html weeks_chart(const PersonTrend& trend, const TrendReport& report) {
  html::BarChart chart{"Weeks by their level", {report.measure + ", weekly median"}, {}, {}, {}, {1040, 260}};
  html::BarSeries series{"weekly median", {}};
  const std::size_t every = trend.weeks.size() / 12 + 1;  // labels that have room
  for (std::size_t i = 0; i < trend.weeks.size(); ++i) {
    const Week& week = trend.weeks[i];
    chart.categories.push_back((i % every == 0 ? week_text(week.week).substr(5) + " " : "") +
                               letter_of(week));
    series.values.push_back(week.value);
    chart.category_tints.push_back(week.level ? level_tint(*week.level) : html::Tint::muted);
  }
  chart.series.push_back(std::move(series));
  return html::chart(chart);
}

html::Html alert_box(const Alert& alert) {
  std::string text = alert.rule->words.title + ". " + alert.rule->words.seen;
  html::Html out = html::warning(text);
  out.markup += html::paragraph("How sure: " + alert.evidence).markup;
  html::Table table{"", {"what to try"}, {}};
  for (const std::string& one : alert.rule->words.suggestions) table.rows.push_back({one});
  out.markup += html::table(table).markup;
  out.markup += html::paragraph("When to see someone: " + alert.rule->words.see_someone).markup;
  std::string sources;
  for (const std::string& one : alert.rule->sources) sources += (sources.empty() ? "" : "; ") + one;
  out.markup += html::folded("Why this is suggested",
                             html::paragraph(alert.rule->rationale + " Sources: " + sources + "."))
                    .markup;
  return out;
}

html::Html key_figures(const PersonTrend& trend, const TrendReport& report) {
  std::vector<html::Tile> tiles;
  tiles.push_back({html::grouped(static_cast<long long>(trend.days.size())), "days with a value",
                   day_text(trend.days.front().day) + " to " + day_text(trend.days.back().day)});
  const auto last = std::ranges::find_if(trend.weeks.rbegin(), trend.weeks.rend(),
                                         [](const Week& week) { return week.level.has_value(); });
  if (last != trend.weeks.rend()) {
    tiles.push_back({name_of(*last->level), "last known level", "week " + week_text(last->week),
                     level_tint(*last->level)});
  } else {
    tiles.push_back({"–", "last known level", "no week has one"});
  }
  if (trend.slope.value) {
    const Slope& slope = *trend.slope.value;
    tiles.push_back({signed_figure(7 * slope.per_day), "trend a week",
                     "95 %: " + signed_figure(7 * slope.low) + " to " + signed_figure(7 * slope.high) +
                         ", p = " + html::fixed(slope.p, 3)});
  }
  if (trend.reliable.value) {
    const ReliableChange& change = *trend.reliable.value;
    tiles.push_back({signed_figure(change.after - change.before),
                     change.change == Change::none
                         ? "change, not reliable"
                         : std::string("reliable change: ") + name_of(change.change),
                     html::fixed(change.index, 1) + " standard errors"});
  }
  if (trend.changes.value)
    tiles.push_back({html::grouped(static_cast<long long>(trend.changes.value->points.size())),
                     "change points",
                     report.settings.higher_is_worse ? "higher is worse" : "higher is better"});
  return html::tiles(tiles);
}

// What could not be said, and why.
html::Html unsaid(const PersonTrend& trend) {
  html::Html out;
  const auto say = [&out](const char* what, const std::string& why) {
    if (!why.empty()) out.markup += html::paragraph(std::string(what) + ": " + why + ".").markup;
  };
  say("No trend", trend.slope.why_not), say("No smooth level", trend.level.why_not);
  say("No change points", trend.changes.why_not), say("No weekly levels", trend.thresholds.why_not);
  say("No reliable change", trend.reliable.why_not);
  return out;
}

void add_person(html::Page& page, const PersonTrend& trend, const TrendReport& report, std::size_t number) {
  page.section("Person " + trend.person, "person-" + std::to_string(number));
  for (const std::string& remark : trend.remarks) page.add(html::warning(remark));
  page.add(key_figures(trend, report)).add(series_chart(trend, report));
  if (trend.changes.value && !trend.changes.value->points.empty()) {
    html::Table table{"", {"change point", heading("median before"), heading("median after"), "for the"}, {}};
    for (const ChangePoint& point : trend.changes.value->points)
      table.rows.push_back({day_text(point.day), figure_cell(point.median_before),
                            figure_cell(point.median_after),
                            point.change == Change::none ? "–" : name_of(point.change)});
    page.add(html::table(table));
  }
  page.add(unsaid(trend)).add(html::subheading("Weekly log"));
  if (trend.thresholds.value) {
    const Thresholds& t = *trend.thresholds.value;
    page.add(html::paragraph("Levels begin at " + figure(t.strain(t.from[0])) + " (moderate), " +
                             figure(t.strain(t.from[1])) + " (elevated) and " + figure(t.strain(t.from[2])) +
                             " (high), by: " + t.source + "; to leave one, weeks must be " +
                             figure(t.margin) + " beyond. Time zone: " + trend.timezones + "."));
  }
  page.add(weeks_chart(trend, report)).add(html::folded("All weeks in figures", weeks_table(trend)));
  const std::vector<Alert> alerts = alerts_of(trend, report.rules, report.settings.higher_is_worse);
  page.add(html::subheading("What deserves attention"));
  if (alerts.empty()) page.add(html::paragraph("No rule speaks. That does not mean that all is well."));
  if (!alerts.empty()) page.add(html::paragraph(report.rules.notice));
  for (const Alert& alert : alerts) page.add(alert_box(alert));
}

// People below each other, the last weeks side by side: one letter a week.
html::Html overview(const TrendReport& report) {
  constexpr std::size_t kShown = 26;
  Day last{};
  for (const PersonTrend& trend : report.people) {
    if (!trend.weeks.empty()) last = std::max(last, trend.weeks.back().week.monday);
  }
  html::Table table{
      "L low, M moderate, E elevated, H high; s starting, – unrated, · too few days or none. The right-most "
      "is week " +
          week_text(iso_week(last)) + ".",
      {"person", "weeks"},
      {}};
  for (std::size_t number = 0; number < report.people.size(); ++number) {
    const PersonTrend& trend = report.people[number];
    std::string letters;
    for (std::size_t back = kShown; back-- > 0;) {
      const Day monday = last - std::chrono::days{7 * static_cast<int>(back)};
      const auto week =
          std::ranges::find_if(trend.weeks, [&](const Week& w) { return w.week.monday == monday; });
      letters += week == trend.weeks.end() ? kSilent : letter_of(*week);
      letters += " ";
    }
    table.rows.push_back({Cell(trend.person, "#person-" + std::to_string(number)), letters});
  }
  return html::table(table);
}

html::Html reading(const TrendReport& report) {
  html::Html out = html::paragraph(
      "Several values of one day count once, by their median. The level is what the days have in common "
      "where they lie, with "
      "a band that holds it on 95 of 100 days if the days vary as the model says; it is wider where there is "
      "no value. "
      "The trend is the median of the slopes of all pairs of days, so that odd days do not bend it; its "
      "interval and p "
      "allow for neighbouring days being alike. A dashed upright line is a change point: the median of the "
      "stretch before "
      "it and after it. A slow drift shows as steps too.");
  out.markup +=
      html::paragraph(
          "A week's level moves up when two weeks in a row reach a higher one, and down when two are clearly "
          "below, so one bad day never moves it. A week with fewer than " +
          std::to_string(report.settings.weeks.least_days) +
          " days has no level. The levels are a rule on numbers; no survey has confirmed them.")
          .markup;
  return out;
}

}  // namespace

html::Page trend_page(const TrendReport& report) {
  html::Page page("Weeks", report.source + " · " + report.measure, html::Shows::scores);
  page.section("How to read this", "reading").add(reading(report));
  if (report.people.size() > 1) page.add(html::subheading("Everybody's weeks")).add(overview(report));
  for (std::size_t i = 0; i < report.people.size(); ++i) add_person(page, report.people[i], report, i);
  return page;
}

html::Page group_page(const Group& group, const TrendReport& report, const GroupSettings& settings) {
  html::Page page("Weeks of a group", report.source + " · " + report.measure, html::Shows::scores);
  page.section("At least " + std::to_string(group.people) + " people", "group");
  page.add(html::paragraph(
      "Median and quartiles of the people's weekly values, rounded to " + figure(settings.grid) +
      ". A week is left out when fewer than " + std::to_string(settings.k) +
      " people have values, or when it would differ by one or two people from a week that is "
      "shown: nobody's value can be found by comparing."));
  html::LineChart chart{"Weekly medians", {"week", false}, {report.measure}, {}, {}, false, {1040, 320}};
  html::Series series{"median, band: quartiles", {}, {}, {}, {}};
  series.dots = true;
  html::Table table{"",
                    {"week", "from Monday", heading("people, at least"), heading("25 %"), heading("median"),
                     heading("75 %")},
                    {}};
  for (std::size_t i = 0; i < group.weeks.size(); ++i) {
    const GroupWeek& week = group.weeks[i];
    series.x.push_back(static_cast<double>(i + 1));
    series.y.push_back(week.shown ? week.median : kNaN);
    series.low.push_back(week.shown ? week.low : kNaN), series.high.push_back(week.shown ? week.high : kNaN);
    table.rows.push_back(
        {week_text(week.week), day_text(week.week.monday),
         week.shown ? Cell::count(week.people) : Cell("not shown"), figure_cell(week.shown ? week.low : kNaN),
         figure_cell(week.shown ? week.median : kNaN), figure_cell(week.shown ? week.high : kNaN)});
  }
  chart.series.push_back(std::move(series));
  page.add(html::chart(chart)).add(html::table(table));
  return page;
}

}  // namespace pyro::trend
