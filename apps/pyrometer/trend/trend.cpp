#include "trend/trend.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <memory>

#include "pyro/base/notice.hpp"
#include "pyro/base/paths.hpp"
#include "pyro/trend/report.hpp"
#include "report_pages.hpp"
#include "server/server.hpp"
#include "settings_words.hpp"

namespace pyro::cli {
namespace {

namespace fs = std::filesystem;

struct TrendFlags {
  std::vector<std::string> inputs;
  PageFlags page;
  std::string csv, rules, higher = "worse", levels;
  trend::SeriesSettings series;
  trend::TrendSettings settings;
  trend::InstrumentError error;
  trend::GroupSettings group_settings;
  double margin = 0;
  bool group = false, json = false;
  ServerFlags there;
};

// "40,50,60" as they stand in the table's own units.
Result<trend::Thresholds> thresholds_of(const TrendFlags& flags, bool higher_is_worse) {
  const auto wrong = [] {
    return wrong_use(
        "--levels needs three numbers, where moderate, elevated and high begin, in the direction of "
        "--higher: "
        "--levels 40,50,60");
  };
  trend::Thresholds out;
  out.higher_is_worse = higher_is_worse;
  out.margin = flags.margin, out.source = "given by --levels";
  const char* at = flags.levels.c_str();
  for (std::size_t i = 0; i < 3; ++i) {
    char* end = nullptr;
    const double value = std::strtod(at, &end);
    if (end == at || !std::isfinite(value) || *end != (i < 2 ? ',' : '\0')) return wrong();
    out.from[i] = out.strain(value);
    if (i > 0 && out.from[i] <= out.from[i - 1]) return wrong();
    at = end + 1;
  }
  return out;
}

Result<trend::TrendSettings> trend_settings(const CLI::App& verb, const TrendFlags& flags) {
  trend::TrendSettings out = flags.settings;
  out.higher_is_worse = flags.higher == "worse";
  if (!flags.levels.empty()) {
    const Result<trend::Thresholds> thresholds = thresholds_of(flags, out.higher_is_worse);
    if (!thresholds) return tl::make_unexpected(thresholds.error());
    out.thresholds = *thresholds;
  } else if (verb.count("--margin") > 0) {
    return wrong_use("--margin belongs to --levels; the own baseline brings its own");
  }
  if (verb.count("--sd") != verb.count("--reliability"))
    return wrong_use("--sd and --reliability belong together: a reliable change needs both");
  if (verb.count("--sd") > 0) out.instrument_error = flags.error;
  return out;
}

// trend/alerts.toml lies beside the models, as the program finds them.
Result<trend::AlertRules> alert_rules(const std::string& given) {
  fs::path file = given;
  if (given.empty()) {
    const Result<Paths> paths = find_paths();
    if (!paths) return tl::make_unexpected(paths.error());
    file = fs::absolute(paths->models).lexically_normal();
    if (!file.has_filename()) file = file.parent_path();
    file = file.parent_path() / "trend" / "alerts.toml";
  }
  std::ifstream toml(file, std::ios::binary);
  if (!toml || fs::is_directory(file))
    return bad_input("the rules for alerts, " + file.string() + ", cannot be read; name a file by --rules");
  return trend::read_alert_rules(toml, file.filename().string());
}

void print(const trend::PersonTrend& person, const trend::TrendReport& report) {
  std::printf("%s: %zu days with a value, %s to %s (%s)\n", person.person.c_str(), person.days.size(),
              day_text(person.days.front().day).c_str(), day_text(person.days.back().day).c_str(),
              person.timezones.c_str());
  for (const std::string& remark : person.remarks) std::printf("  note    %s\n", remark.c_str());
  if (person.slope.value) {
    const trend::Slope& slope = *person.slope.value;
    std::printf(
        "  trend   %+.4g a week (95 %% %+.4g to %+.4g), p = %.3f%s\n", 7 * slope.per_day, 7 * slope.low,
        7 * slope.high, slope.p,
        person.direction(report.settings.higher_is_worse) == trend::Change::none ? ": none to speak of" : "");
  } else {
    std::printf("  trend   none: %s\n", person.slope.why_not.c_str());
  }
  if (person.changes.value) {
    for (const trend::ChangePoint& point : person.changes.value->points)
      std::printf("  change  %s: median %.4g, then %.4g (%s)\n", day_text(point.day).c_str(),
                  point.median_before, point.median_after, trend::name_of(point.change));
    if (person.changes.value->points.empty()) std::printf("  change  no change point\n");
  } else {
    std::printf("  change  unknown: %s\n", person.changes.why_not.c_str());
  }
  if (person.reliable.value) {
    std::printf("  reliable change: %s (%.4g to %.4g, %.1f standard errors; %s)\n",
                trend::name_of(person.reliable.value->change), person.reliable.value->before,
                person.reliable.value->after, person.reliable.value->index,
                person.reliable.value->how.c_str());
  } else {
    std::printf("  reliable change: unknown: %s\n", person.reliable.why_not.c_str());
  }
  if (!person.thresholds.value)
    std::printf("  weeks   without levels: %s\n", person.thresholds.why_not.c_str());
  for (const trend::Week& week : person.weeks) {
    std::printf("  %s %d days", trend::week_text(week.week).c_str(), week.days);
    if (week.days > 0) std::printf(", median %.4g", week.value);
    std::printf("  %s%s\n", week.level ? trend::name_of(*week.level) : "-",
                week.changed ? " (changed)"
                : week.state == trend::WeekState::settled
                    ? ""
                    : (std::string(" (") + trend::name_of(week.state) + ")").c_str());
  }
  for (const trend::Alert& alert : trend::alerts_of(person, report.rules, report.settings.higher_is_worse))
    std::printf("  alert   %s: %s\n          %s\n", alert.rule->words.title.c_str(),
                alert.rule->words.seen.c_str(), alert.evidence.c_str());
}

Status write_text(const std::string& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  return out ? Status{} : Status(failed(file + " cannot be written; check the folder and the free space"));
}

int print_line(const nlohmann::json& json) {
  std::printf("%s\n", json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
  return 0;
}

int trend_of_group(const CLI::App& verb, TrendFlags flags, const trend::TrendReport& report) {
  if (!flags.series.person.empty())
    return cli::report(
        wrong_use("--group and --person exclude each other: a group is everybody in the table").value(),
        flags.json);
  std::vector<std::vector<trend::Week>> logs;
  logs.reserve(report.people.size());
  for (const trend::PersonTrend& person : report.people) logs.push_back(person.weeks);
  if (verb.count("--grid") == 0) flags.group_settings.grid = report.session_index ? 1 : 0.25;
  const Result<trend::Group> group = trend::group_weeks(logs, flags.group_settings);
  if (!group) return cli::report(group.error(), flags.json);
  if (flags.page.wanted()) {
    if (const Status ok = write_report(trend::group_page(*group, report, flags.group_settings), flags.page);
        !ok)
      return cli::report(ok.error(), flags.json);
  }
  if (!flags.csv.empty()) {
    if (const Status ok = write_text(flags.csv, trend::weeks_csv(*group)); !ok)
      return cli::report(ok.error(), flags.json);
  }
  if (flags.json) return print_line(trend::to_json(*group, report, flags.group_settings));
  std::printf("%s, at least %d people, rounded to %g\n", report.measure.c_str(), group->people,
              flags.group_settings.grid);
  for (const trend::GroupWeek& week : group->weeks) {
    if (week.shown) {
      std::printf("  %s  median %g (quartiles %g to %g), at least %d people\n",
                  trend::week_text(week.week).c_str(), week.median, week.low, week.high, week.people);
    } else {
      std::printf("  %s  not shown\n", trend::week_text(week.week).c_str());
    }
  }
  std::printf("%s\n", kNotice);
  return 0;
}

int trend_on_server(const CLI::App& verb, const TrendFlags& flags) {
  if (const Status fit =
          check_there(verb, {"--instrument", "--scale", "--timezone", "--min-days", "--csv", "--json"});
      !fit)
    return report(fit.error(), flags.json);
  if (flags.inputs.size() != 1)
    return report(wrong_use("on a server trend takes one person: an id or pseudonym").value(), flags.json);
  return trend_there({flags.there, flags.inputs.front(), flags.series.instrument, flags.series.scale,
                      flags.series.timezone, flags.csv, flags.settings.weeks.least_days, flags.json});
}

int trend_verb(const CLI::App& verb, const TrendFlags& flags) {
  if (flags.there.wanted()) return trend_on_server(verb, flags);
  const Result<trend::TrendSettings> settings = trend_settings(verb, flags);
  if (!settings) return report(settings.error(), flags.json);
  Result<trend::AlertRules> rules = alert_rules(flags.rules);
  if (!rules) return report(rules.error(), flags.json);
  const std::vector<fs::path> files(flags.inputs.begin(), flags.inputs.end());
  const Result<trend::SeriesTable> table = trend::read_series(files, flags.series);
  if (!table) return report(table.error(), flags.json);
  trend::TrendReport whole{table->source,    table->measure, table->session_index, *settings, {},
                           std::move(*rules)};
  std::string silent;
  for (const trend::PersonSeries& series : table->people) {
    if (series.readings.empty()) {
      silent += (silent.empty() ? "" : ", ") + series.person;
      continue;
    }
    whole.people.push_back(trend::follow(series, *settings));
  }
  if (whole.people.empty())
    return report(
        bad_input("no session has enough valid frames (" + silent + "); --min-valid sets how many").value(),
        flags.json);
  if (flags.group) return trend_of_group(verb, flags, whole);
  // Alone, a person of whom nothing can be said is an error; among others a line with its reason.
  if (whole.people.size() == 1 && whole.people.front().days.size() < trend::kLeastForSlope)
    return report(bad_input(whole.source + ": " + whole.people.front().slope.why_not).value(), flags.json);
  if (flags.page.wanted()) {
    if (const Status ok = write_report(trend::trend_page(whole), flags.page); !ok)
      return report(ok.error(), flags.json);
  }
  if (!flags.csv.empty()) {
    if (const Status ok = write_text(flags.csv, trend::weeks_csv(whole.people)); !ok)
      return report(ok.error(), flags.json);
  }
  if (!silent.empty()) std::fprintf(stderr, "pyrometer: without a usable session: %s\n", silent.c_str());
  for (const trend::PersonTrend& person : whole.people) {
    if (flags.json) {
      print_line(trend::to_json(person, whole));
    } else {
      print(person, whole);
    }
  }
  if (!flags.json) std::printf("%s\n", kNotice);
  return 0;
}

}  // namespace

void add_trend(CLI::App& app, Chosen& chosen) {
  CLI::App* verb = app.add_subcommand(
      "trend",
      "What weeks of values say: trend, level, change points, weekly log, alerts; per person or group");
  auto flags = std::make_shared<TrendFlags>();
  verb->add_option("SERIES", flags->inputs,
                   "CSV: person,time_utc,value; or session.csv with a column person; or survey results; "
                   "with --server a person's id or pseudonym")
      ->required();
  verb->add_option("--person", flags->series.person, "Only this one");
  verb->add_option("--id", flags->series.person_column,
                   "The column of the person, where it is not known by name")
      ->type_name("COLUMN");
  verb->add_option("--time", flags->series.time_column, "The column of the time or day")->type_name("COLUMN");
  verb->add_option("--value", flags->series.value_column, "The column of the value")->type_name("COLUMN");
  verb->add_option("--missing", flags->series.missing, "Values that mean no answer, such as 0")
      ->delimiter(',');
  verb->add_option("--instrument", flags->series.instrument, "Of survey results: only this instrument");
  verb->add_option("--scale", flags->series.scale, "Of survey results: only this scale");
  verb->add_option("--higher", flags->higher, "What more of the value means")
      ->check(CLI::IsMember({"worse", "better"}))
      ->capture_default_str();
  verb->add_option("--timezone", flags->series.timezone,
                   "IANA name, for people whose rows have no column timezone: days and weeks are theirs")
      ->capture_default_str();
  verb->add_option("--min-valid", flags->series.least_valid_share,
                   "Leave out sessions with fewer valid frames")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  verb->add_option("--levels", flags->levels,
                   "Where moderate, elevated and high begin: three numbers; otherwise the own baseline says")
      ->type_name("A,B,C");
  verb->add_option("--margin", flags->margin, "With --levels: how far beyond weeks must be to leave a level")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  verb->add_option("--baseline", flags->settings.baseline_days,
                   "Days of the own baseline, from the first value")
      ->check(CLI::Range(10, 366))
      ->capture_default_str();
  verb->add_option("--recent", flags->settings.recent_days, "Days at the end that are compared with it")
      ->check(CLI::Range(5, 366))
      ->capture_default_str();
  verb->add_option("--min-days", flags->settings.weeks.least_days, "Days with a value that a week needs")
      ->check(CLI::Range(1, 7))
      ->capture_default_str();
  verb->add_option("--longest-gap", flags->settings.weeks.longest_gap,
                   "Weeks without enough days after which the log begins anew")
      ->check(CLI::Range(1, 52))
      ->capture_default_str();
  verb->add_option("--sd", flags->error.deviation,
                   "The instrument's standard deviation, for the reliable change")
      ->check(CLI::PositiveNumber);
  verb->add_option("--reliability", flags->error.reliability, "The instrument's reliability")
      ->check(CLI::Range(0.0, 0.9999));
  verb->add_option("--rules", flags->rules, "Rules for alerts instead of the shipped ones")
      ->type_name("FILE");
  verb->add_flag("--group", flags->group,
                 "Weeks of all people together, from k people on, and of nobody alone");
  verb->add_option("--k", flags->group_settings.k,
                   "The least number of people of a group and of each of its weeks")
      ->check(CLI::Range(5, 100000))
      ->capture_default_str();
  verb->add_option("--grid", flags->group_settings.grid,
                   "Figures of a group are rounded to multiples of this (1 for our index, else 0.25)")
      ->check(CLI::PositiveNumber);
  add_page_flags(*verb, flags->page, "charts, log and alerts");
  verb->add_option("--csv", flags->csv, "Write the weekly log")->type_name("FILE");
  verb->add_flag("--json", flags->json, "One line of JSON a person");
  add_server_flags(*verb, flags->there);
  add_settings_file(*verb);
  verb->footer(
      "Example: pyrometer trend weeks.csv --timezone Europe/Oslo --html weeks.html\n"
      "Example: pyrometer trend wellness.csv --id participant --time effective_time_frame --value stress "
      "--missing 0 --higher better");
  verb->callback([&chosen, flags, verb] { chosen = [flags, verb] { return trend_verb(*verb, *flags); }; });
}

}  // namespace pyro::cli
