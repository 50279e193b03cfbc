// forecast run: a trained forecaster over recorded frames, step by step as it would have said it live.
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "forecast/parts.hpp"
#include "pyro/base/files.hpp"
#include "pyro/html/charts.hpp"
#include "pyro/html/page.hpp"
#include "pyro/records/notice.hpp"

namespace pyro::cli {
namespace {

struct ForecastRunFlags {
  std::string where, model, out, html;
  PlaceFlags place;
  bool json = false;
};

constexpr std::array<const char*, forecaster::kTargets> kTargetNames{"present", "next", "in_5s", "in_30s",
                                                                     "in_5min"};
constexpr std::array<const char*, forecast::kQuantiles.size()> kQuantileNames{"low_95", "low_80", "median",
                                                                              "high_80", "high_95"};

struct Person {
  forecast::Series series;
  std::vector<forecaster::Answer> answers;
};

Result<std::vector<Person>> walked(forecaster::Forecaster& network, const std::string& where) {
  auto series = forecast::read_folder(where, Seconds{network.step_s()}, {});
  if (!series) return tl::make_unexpected(series.error());
  std::vector<Person> persons;
  for (forecast::Series& one : *series) {
    network.reset();
    Person person{std::move(one), {}};
    for (const forecast::Step& step : person.series.steps) {
      const Result<forecaster::Answer> answer = network.step(step);
      if (!answer) return tl::make_unexpected(answer.error());
      person.answers.push_back(*answer);
    }
    persons.push_back(std::move(person));
  }
  return persons;
}

std::string csv_of(const std::vector<Person>& persons, double step_s) {
  std::string text = "person,until_s,seen,score";
  for (const char* target : kTargetNames) {
    text += std::string(",") + target;
    for (const char* quantile : kQuantileNames) text += std::string(",") + target + "_" + quantile;
  }
  text += '\n';
  char number[40];
  for (const Person& person : persons) {
    for (std::size_t t = 0; t < person.answers.size(); ++t) {
      const forecast::Step& step = person.series.steps[t];
      std::snprintf(number, sizeof number, "%.6g", static_cast<double>(t + 1) * step_s);
      text += '"' + person.series.name + "\"," + number + (step.seen ? ",1," : ",0,");
      const auto add = [&](double value) {
        std::snprintf(number, sizeof number, ",%.6g", value);
        text += number;
      };
      if (step.seen) std::snprintf(number, sizeof number, "%.9g", step.score), text += number;
      for (const forecast::Band& band : person.answers[t]) {
        add(band.mean);
        for (const double quantile : band.quantiles) add(quantile);
      }
      text += '\n';
    }
  }
  return text;
}

html::Html chart_of(const Person& person, std::size_t target, double ahead_s, double step_s) {
  html::Series score{"score of the step", {}, {}}, said{kTargetNames[target], {}, {}};
  said.tint = html::Tint::accent;
  score.tint = html::Tint::muted;
  for (std::size_t t = 0; t < person.answers.size(); ++t) {
    const double at = static_cast<double>(t + 1) * step_s;
    score.x.push_back(at);
    score.y.push_back(person.series.steps[t].score);
    const forecast::Band& band = person.answers[t][target];
    // Where the time lies of which it speaks.
    said.x.push_back(at + ahead_s);
    said.y.push_back(band.mean);
    said.low.push_back(band.quantiles[1]);
    said.high.push_back(band.quantiles[3]);
  }
  const std::string title = target == 0
                                ? "The smoothed present"
                                : "What was said " + html::fixed(ahead_s, ahead_s < 1 ? 1 : 0) + " s before";
  return html::chart(
      html::LineChart{title, {"seconds from the start"}, {"score S"}, {score, said}, {}, false, {1040, 280}});
}

html::Page page_of(const std::vector<Person>& persons, const ForecastRunFlags& flags, double step_s) {
  html::Page page("Forecast of the score", flags.where + " · " + flags.model, html::Shows::scores);
  page.section("How to read this", "reading")
      .add(html::paragraph(
          "Grey is what was measured, a mean over each step; a break is a gap. The coloured line is what the "
          "forecaster said, drawn at the time of which it speaks; the band should hold 80 % of what came. "
          "How well "
          "such a forecaster does on people it has not seen, and whether it beats saying that nothing "
          "changes, "
          "pyrometer forecast evaluate tells."));
  const std::vector<std::size_t> horizons = forecast::horizons_in_steps(step_s);
  for (const Person& person : persons) {
    page.section(person.series.name, "");
    page.add(chart_of(person, 0, 0, step_s));
    for (std::size_t target = 1; target < forecaster::kTargets; ++target) {
      if (horizons[target - 1] < person.answers.size())
        page.add(chart_of(person, target, static_cast<double>(horizons[target - 1]) * step_s, step_s));
    }
  }
  return page;
}

int forecast_run(const ForecastRunFlags& flags) {
  Result<forecaster::Forecaster> network = open_forecaster(flags.model, flags.place);
  if (!network) return report(network.error(), flags.json);
  const auto persons = walked(*network, flags.where);
  if (!persons) return report(persons.error(), flags.json);
  const double step_s = network->step_s();
  if (!flags.out.empty()) {
    if (Status written = replace_file(flags.out, csv_of(*persons, step_s)); !written)
      return report(written.error(), flags.json);
  }
  if (!flags.html.empty()) {
    if (Status written = page_of(*persons, flags, step_s).write(flags.html); !written)
      return report(written.error(), flags.json);
  }
  for (const Person& person : *persons) {
    if (person.answers.empty()) continue;
    const forecaster::Answer& last = person.answers.back();
    if (flags.json) {
      nlohmann::json told{
          {"person", person.series.name}, {"steps", person.answers.size()}, {"step_s", step_s}};
      for (std::size_t target = 0; target < forecaster::kTargets; ++target) {
        told[kTargetNames[target]] = {{"mean", last[target].mean},
                                      {"80", {last[target].quantiles[1], last[target].quantiles[3]}},
                                      {"95", {last[target].quantiles[0], last[target].quantiles[4]}}};
      }
      std::printf("%s\n", told.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
      continue;
    }
    std::printf("%s, after %zu steps of %g s:\n", person.series.name.c_str(), person.answers.size(), step_s);
    for (std::size_t target = 0; target < forecaster::kTargets; ++target)
      std::printf("  %-8s %7.3f   80 %% band %7.3f … %.3f\n", kTargetNames[target], last[target].mean,
                  last[target].quantiles[1], last[target].quantiles[3]);
  }
  if (!flags.json) std::printf("%s\n", records::kNotice);
  return 0;
}

}  // namespace

void add_forecast_run(CLI::App& forecast, Chosen& chosen) {
  CLI::App* verb = forecast.add_subcommand(
      "run", "The smoothed present and the score to come, with bands, after each step of a recording");
  auto flags = std::make_shared<ForecastRunFlags>();
  verb->add_option("WHERE", flags->where, "A run's folder, one above several, or a frames.csv")->required();
  verb->add_option("--model", flags->model, kForecasterHelp)->required();
  verb->add_option("--out", flags->out, "Write every step as CSV")->type_name("FILE");
  verb->add_option("--html", flags->html, "Write a page with charts")->type_name("FILE");
  verb->add_flag("--json", flags->json, "One line of JSON a person: what is said after the last step");
  add_place_flags(*verb, flags->place);
  verb->footer("Example: pyrometer forecast run results/ --model out/forecast/lstm --out forecast.csv");
  verb->callback([&chosen, flags] { chosen = [flags] { return forecast_run(*flags); }; });
}

}  // namespace pyro::cli
