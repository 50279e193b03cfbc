// forecast series: how well tomorrow's report can be told from those before it, person-wise.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "forecast/parts.hpp"
#include "pyro/forecast/daily.hpp"
#include "pyro/forecast/evaluate.hpp"

namespace pyro::cli {
namespace {

struct SeriesFlags {
  std::string table, person = "participant", time = "effective_time_frame";
  std::vector<std::string> values;
  std::optional<double> missing;
  std::vector<std::size_t> days{1, 7};
  forecast::EvaluationSettings settings;
  bool json = false;
};

int forecast_series(const SeriesFlags& flags) {
  forecast::EvaluationSettings settings = flags.settings;
  settings.horizons = flags.days;
  settings.step_s = 86400;
  for (const std::string& value : flags.values) {
    const auto series = forecast::read_daily(flags.table, {flags.person, flags.time, value, flags.missing});
    if (!series) return report(series.error(), flags.json);
    const auto judged = forecast::judge_baselines(*series, {}, settings);
    if (!judged) return report(judged.error(), flags.json);
    const forecast::Evaluation evaluation = forecast::evaluate(*series, *judged, settings);
    if (flags.json) {
      nlohmann::json told = forecast::to_json(evaluation);
      told["value"] = value;
      std::printf("%s\n", told.dump().c_str());
    } else {
      std::printf("%s\n\n%s\n", value.c_str(), forecast::text_of(evaluation).c_str());
    }
  }
  return 0;
}

}  // namespace

void add_forecast_series(CLI::App& forecast, Chosen& chosen) {
  CLI::App* verb = forecast.add_subcommand(
      "series",
      "Baselines on a table of daily reports, each person forecast by what was fitted on the others");
  auto flags = std::make_shared<SeriesFlags>();
  flags->settings.folds = 1000000;  // each person alone
  flags->settings.aggregation = 7;
  flags->settings.warm_up = 7;
  verb->add_option("TABLE", flags->table, "A CSV with a row a report")->required();
  verb->add_option("--person", flags->person, "Column of persons")->capture_default_str();
  verb->add_option("--time", flags->time, "Column that begins with a date, as 2026-01-31")
      ->capture_default_str();
  verb->add_option("--value", flags->values, "Columns of numbers, a table each")->required();
  verb->add_option("--missing", flags->missing, "A value that stands for none");
  verb->add_option("--days", flags->days, "How far ahead")->check(CLI::Range(1, 3650))->capture_default_str();
  verb->add_option("--aggregation", flags->settings.aggregation, "Days of the rolling mean")
      ->check(CLI::Range(1, 3650))
      ->capture_default_str();
  verb->add_flag("--json", flags->json, "A line of JSON for each column");
  verb->footer("Example: pyrometer forecast series wellness.csv --value stress --value mood --missing 0");
  verb->callback([&chosen, flags] { chosen = [flags] { return forecast_series(*flags); }; });
}

}  // namespace pyro::cli
