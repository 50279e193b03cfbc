#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "pyro/base/notice.hpp"
#include "pyro/html/charts.hpp"
#include "pyro/html/page.hpp"
#include "pyro/html/table.hpp"
#include "regress/regress.hpp"

namespace pyro::training {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kShown = 15;

ordered_json json_of(const Errors& errors) {
  return {{"rmse", errors.rmse},
          {"mean_absolute_error", errors.mean_absolute},
          {"skill", errors.skill},
          {"skill_95", {errors.skill_low, errors.skill_high}}};
}

ordered_json json_of(const Settings& settings) {
  return {{"l1_share", settings.penalty.l1_share},
          {"lambda_share", settings.penalty.lambda_share},
          {"depth", settings.growth.depth},
          {"rounds", settings.growth.rounds}};
}

const char* words_of(Family family) {
  return family == Family::elastic_net ? "elastic net" : "boosted trees";
}

std::string skill_text(const Errors& errors) {
  return html::fixed(errors.skill, 3) + " [" + html::fixed(errors.skill_low, 3) + ", " +
         html::fixed(errors.skill_high, 3) + "]";
}

// Targets have any unit: three figures that count, whatever its size.
std::string three_figures(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3g", value);
  return text.data();
}

html::Cell number_cell(const std::string& text) {
  html::Cell cell(text);
  cell.number = true;
  return cell;
}

html::Html errors_table(const RegressReport& report) {
  html::Table table;
  table.caption = "Out of fold: nobody is predicted by what has seen any of their sessions";
  table.header = {"predictor", number_cell("root mean square error"), number_cell("mean absolute error"),
                  number_cell("skill [95 %]")};
  const auto row = [&](const char* name, const Errors& errors, const std::string& skill) {
    table.rows.push_back({name, number_cell(three_figures(errors.rmse)),
                          number_cell(three_figures(errors.mean_absolute)), number_cell(skill)});
  };
  row("mean of the others", report.mean, "0");
  for (std::size_t f = 0; f < kFamilies.size(); ++f) {
    row(words_of(kFamilies[f]), report.families[f], skill_text(report.families[f]));
  }
  return html::table(table);
}

html::Html curve_chart(const RegressReport& report) {
  html::LineChart chart{
      "What more people would bring", {"persons fitted on"}, {"root mean square error"}, {}};
  html::Series mean{"mean of the others", {}, {}, {}, {}, html::Tint::muted, true, true};
  for (const auto& point : report.curve) {
    mean.x.push_back(point.persons);
    mean.y.push_back(point.mean_rmse);
  }
  chart.series.push_back(std::move(mean));
  for (std::size_t f = 0; f < kFamilies.size(); ++f) {
    html::Series series{words_of(kFamilies[f]), {}, {}};
    series.tint = html::series_tint(f);
    series.dots = true;
    for (const auto& point : report.curve) {
      series.x.push_back(point.persons);
      series.y.push_back(point.families[f].rmse);
    }
    chart.series.push_back(std::move(series));
  }
  return html::chart(chart);
}

html::Html scatter(const RegressReport& report) {
  html::Scatter chart{"Said without having seen the person, and true", {report.target}, {"said"}, {}, {}};
  chart.groups.push_back({words_of(report.best), html::Tint::accent});
  const auto [least, greatest] = std::ranges::minmax(report.y);
  const double edge = 0.03 * (greatest - least);
  chart.x.from = chart.y.from = least - edge;
  chart.x.to = chart.y.to = greatest + edge;
  chart.dots.reserve(report.y.size());
  for (std::size_t i = 0; i < report.y.size(); ++i) {
    chart.dots.push_back({report.y[i], report.said[i]});
  }
  if (report.y.size() > 2000) {
    chart.radius = 1.2;
  }
  chart.size = {480, 420};
  return html::chart(chart);
}

html::Html importance_table(const RegressReport& report) {
  html::Table table;
  table.caption = "Boosted trees: mean size of each figure's part of a prediction (SHAP, out of fold)";
  table.header = {"figure", number_cell("part"), "goes with more of it"};
  for (std::size_t i = 0; i < std::min(kShown, report.importances.size()); ++i) {
    const Importance& one = report.importances[i];
    table.rows.push_back({one.figure, number_cell(three_figures(one.mean_absolute)),
                          !std::isfinite(one.direction) ? "–"
                          : one.direction > 0.3         ? "more"
                          : one.direction < -0.3        ? "less"
                                                        : "neither alone"});
  }
  return html::table(table);
}

html::Html weight_table(const RegressReport& report) {
  html::Table table;
  table.caption = "Elastic net on all rows: what a standard deviation more of a figure adds";
  table.header = {"figure", number_cell("adds")};
  for (std::size_t i = 0; i < std::min(kShown, report.weights.size()); ++i) {
    table.rows.push_back({report.weights[i].first, number_cell(three_figures(report.weights[i].second))});
  }
  if (report.weights.empty()) {
    table.rows.push_back({"none: the mean is all it says", html::Cell::value(0, 0)});
  }
  return html::table(table);
}

}  // namespace

ordered_json to_json(const RegressReport& report) {
  ordered_json json{{"table", report.file},
                    {"target", report.target},
                    {"person", report.person.empty() ? ordered_json() : ordered_json(report.person)},
                    {"rows", report.rows},
                    {"persons", report.persons},
                    {"rows_without_target", report.without_target},
                    {"figures", report.figures},
                    {"left_out", report.left_out},
                    {"simulated", report.simulated},
                    {"outer_folds", report.options.outer_folds},
                    {"inner_folds", report.options.inner_folds},
                    {"seed", report.options.seed}};
  json["out_of_fold"] = {{"mean", json_of(report.mean)}};
  for (std::size_t f = 0; f < kFamilies.size(); ++f) {
    json["out_of_fold"][name_of(kFamilies[f])] = json_of(report.families[f]);
  }
  json["settings_of_folds"] = ordered_json::array();
  for (const Settings& settings : report.settings) {
    json["settings_of_folds"].push_back(json_of(settings));
  }
  json["chance"] = {
      {"p", report.chance.p},
      {"permutations", report.chance.tried},
      {"largest_skill",
       report.chance.skills.empty() ? ordered_json() : ordered_json(std::ranges::max(report.chance.skills))}};
  json["learning_curve"] = ordered_json::array();
  for (const auto& point : report.curve) {
    ordered_json one{{"persons", point.persons}, {"mean_rmse", point.mean_rmse}};
    for (std::size_t f = 0; f < kFamilies.size(); ++f) {
      one[name_of(kFamilies[f])] = json_of(point.families[f]);
    }
    json["learning_curve"].push_back(std::move(one));
  }
  json["shap"] = ordered_json::array();
  for (const Importance& one : report.importances) {
    json["shap"].push_back(
        {{"figure", one.figure},
         {"mean_absolute", one.mean_absolute},
         {"direction_r", std::isfinite(one.direction) ? ordered_json(one.direction) : ordered_json()}});
  }
  json["weights"] = ordered_json::array();
  for (const auto& [figure, step] : report.weights) {
    json["weights"].push_back({{"figure", figure}, {"per_standard_deviation", step}});
  }
  json["better_family"] = name_of(report.best);
  json["settings_on_all"] = json_of(report.kept);
  json["kept"] = report.refusal.empty();
  json["refusal"] = report.refusal.empty() ? ordered_json() : ordered_json(report.refusal);
  json["notice"] = kNotice;
  return json;
}

Status write_regression_page(const RegressReport& report, const std::filesystem::path& file) {
  const Errors& best = report.families[static_cast<std::size_t>(report.best)];
  html::Page page("Regression of " + report.target,
                  report.file + ": " + html::grouped(static_cast<long long>(report.rows)) + " rows of " +
                      html::grouped(static_cast<long long>(report.persons)) + " persons, " +
                      std::to_string(report.figures) + " figures",
                  html::Shows::scores);
  page.section("Does it beat the mean?", "verdict");
  if (report.simulated) {
    page.add(
        html::warning("These sessions are simulated: they say how the method behaves, nothing of people."));
  }
  if (report.refusal.empty()) {
    page.add(html::paragraph(
        "Yes, on persons of this table. Kept as regression.json: " + std::string(words_of(report.best)) +
        ". It is taken in by pyrometer models add."));
  } else {
    page.add(html::warning("No model is kept: " + report.refusal + "."));
  }
  page.add(html::tiles({{html::fixed(best.skill, 3), "skill of the better family",
                         "95 % " + html::fixed(best.skill_low, 3) + " to " + html::fixed(best.skill_high, 3)},
                        {three_figures(best.rmse), "root mean square error",
                         "mean of the others: " + three_figures(report.mean.rmse)},
                        {html::fixed(report.chance.p, 3), "chance (p)",
                         std::to_string(report.chance.tried) + " targets permuted by person"},
                        {html::grouped(static_cast<long long>(report.persons)), "persons",
                         html::grouped(static_cast<long long>(report.rows)) + " rows"}}));
  page.add(html::paragraph(
      "Skill is 1 minus the squared error over that of a predictor who only knows the mean of the other "
      "persons: 0 is as good as that, 1 is perfect, below 0 is worse. Its interval draws persons, not "
      "rows."));
  page.add(errors_table(report));
  page.section("Said and true", "scatter").add(scatter(report));
  page.section("Learning curve", "curve").add(curve_chart(report));
  page.add(html::paragraph("The settings are those that each fold chose with all its persons."));
  page.section("What it reads", "figures").add(importance_table(report)).add(weight_table(report));
  page.add(html::paragraph(
      "Parts and weights say what the predictor makes of a figure, not what causes the target. Figures that "
      "go together share a weight as chance has it."));
  if (!report.left_out.empty() || report.without_target > 0) {
    page.section("Left out", "left-out");
    if (report.without_target > 0) {
      page.add(html::paragraph(html::grouped(static_cast<long long>(report.without_target)) +
                               " rows without a target."));
    }
    for (const std::string& one : report.left_out) {
      page.add(html::paragraph(one));
    }
  }
  return page.write(file);
}

}  // namespace pyro::training
