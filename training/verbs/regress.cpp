#include "verbs/regress.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "pyro/base/notice.hpp"
#include "regress/regress.hpp"

namespace pyro::training {
namespace {

struct RegressFlags {
  RegressInput input;
  RegressOptions options;
  std::filesystem::path out;
  bool json = false;
};

void print(const char* name, const Errors& errors) {
  std::printf("  %-14s rmse %-9.4g mean absolute error %-9.4g skill %+.3f [%+.3f, %+.3f]\n", name,
              errors.rmse, errors.mean_absolute, errors.skill, errors.skill_low, errors.skill_high);
}

Status run(const RegressFlags& flags) {
  const Result<RegressReport> report = regress(flags.input, flags.options, flags.out);
  if (!report) {
    return tl::make_unexpected(report.error());
  }
  if (flags.json) {
    std::printf("%s\n", to_json(*report).dump().c_str());
  } else {
    std::printf("%s%zu rows of %zu persons, %zu figures; %zu rows without a target\n",
                report->simulated ? "SIMULATED: " : "", report->rows, report->persons, report->figures,
                report->without_target);
    print("mean", report->mean);
    for (std::size_t f = 0; f < kFamilies.size(); ++f) {
      print(name_of(kFamilies[f]), report->families[f]);
    }
    std::printf("  chance         p = %.3f (%d permutations by person)\n", report->chance.p,
                report->chance.tried);
    std::printf("%s/report.html\n%s\n", flags.out.c_str(), kNotice);
  }
  if (!report->refusal.empty()) {
    return failed("no model is kept for '" + report->target + "': " + report->refusal +
                  "; the report is in " + flags.out.string());
  }
  return {};
}

}  // namespace

void add_regress(CLI::App& app, Chosen& chosen) {
  CLI::App* verb = app.add_subcommand(
      "regress", "predict a survey's score from the figures of sessions, judged by person");
  verb->footer(
      "Example: pyrometer study table --study ward-3 --survey pss-10 --out ward-3.csv; pyrometer-train "
      "regress "
      "--table ward-3.csv --target survey_pss-10_total --person person --columns '*_mean' --out out/strain");
  auto flags = std::make_shared<RegressFlags>();
  verb->add_option("--table", flags->input.table, "CSV, a row a session (`pyrometer study table`)")
      ->required();
  verb->add_option("--target", flags->input.target, "column to predict")->required();
  verb->add_option("--person", flags->input.person,
                   "column that says whose row it is; left out: every row is somebody of their own");
  verb->add_option("--columns", flags->input.choice.with,
                   "columns to predict from, shell patterns; left out: all but target and person");
  verb->add_option("--without", flags->input.choice.without, "columns not to predict from, shell patterns");
  verb->add_option("--out", flags->out, "folder of the report and the model")->required();
  verb->add_option("--outer-folds", flags->options.outer_folds, "of persons, to judge by")
      ->check(CLI::Range(2, 20))
      ->capture_default_str();
  verb->add_option("--inner-folds", flags->options.inner_folds, "within each, to choose settings by")
      ->check(CLI::Range(2, 20))
      ->capture_default_str();
  verb->add_option("--permutations", flags->options.permutations, "of the target, to see what chance gives")
      ->check(CLI::Range(19, 100000))
      ->capture_default_str();
  verb->add_option("--seed", flags->options.seed)->capture_default_str();
  verb->add_flag("--json", flags->json, "the report as one line of JSON");
  verb->callback([&chosen, flags] { chosen = [flags] { return run(*flags); }; });
}

}  // namespace pyro::training
