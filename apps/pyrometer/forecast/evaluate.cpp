// forecast evaluate: forecasters and baselines on persons that none of them has seen.
#include "pyro/forecast/evaluate.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "forecast/parts.hpp"
#include "pyro/records/notice.hpp"

namespace pyro::cli {
namespace {

struct ForecastEvaluateFlags {
  std::vector<std::string> recordings, fit, models;
  std::size_t simulate = 0, fit_simulate = 0;
  std::uint64_t simulate_seed = 2, fit_seed = 1;
  forecast::SimulatorSettings simulator;
  forecast::EvaluationSettings settings;
  PlaceFlags place;
  bool json = false;
};

Result<std::vector<forecast::Series>> series_of(const std::vector<std::string>& folders, std::size_t simulate,
                                                std::uint64_t seed, const ForecastEvaluateFlags& flags) {
  const Seconds step{flags.settings.step_s};
  if (simulate > 0) return forecast::simulated_series(flags.simulator, seed, simulate, step, {});
  std::vector<forecast::Series> series;
  for (const std::string& folder : folders) {
    auto read = forecast::read_folder(folder, step, {});
    if (!read) return read;
    series.insert(series.end(), std::make_move_iterator(read->begin()), std::make_move_iterator(read->end()));
  }
  return series;
}

Result<forecast::Evaluation> judged(const ForecastEvaluateFlags& flags) {
  forecast::EvaluationSettings settings = flags.settings;
  settings.horizons = forecast::horizons_in_steps(settings.step_s);
  const auto series = series_of(flags.recordings, flags.simulate, flags.simulate_seed, flags);
  if (!series) return tl::make_unexpected(series.error());
  const auto training = series_of(flags.fit, flags.fit_simulate, flags.fit_seed, flags);
  if (!training) return tl::make_unexpected(training.error());
  auto models = forecast::judge_baselines(*series, *training, settings);
  if (!models) return tl::make_unexpected(models.error());
  for (const std::string& name : flags.models) {
    Result<forecaster::Forecaster> network = open_forecaster(name, flags.place);
    if (!network) return tl::make_unexpected(network.error());
    if (std::abs(network->step_s() - settings.step_s) > 1e-6 * settings.step_s)
      return wrong_use("--step " + std::to_string(settings.step_s) + ": " + name +
                       " was trained on steps of " + std::to_string(network->step_s()) + " s");
    forecast::Judged one{std::filesystem::path(name).lexically_normal().filename().string(), "", {}};
    for (const forecast::Series& each : *series) {
      Result<forecast::Track> track = forecaster::track_of(*network, each);
      if (!track) return tl::make_unexpected(track.error());
      one.tracks.push_back(std::move(*track));
    }
    models->push_back(std::move(one));
  }
  return forecast::evaluate(*series, *models, settings);
}

int forecast_evaluate(const ForecastEvaluateFlags& flags) {
  if (flags.recordings.empty() == (flags.simulate == 0))
    return report({ErrorCode::wrong_use, "give folders of recordings, or --simulate PEOPLE", ""}, flags.json);
  if (flags.simulate > 0 && flags.fit_simulate > 0 && flags.simulate_seed == flags.fit_seed)
    return report(
        {ErrorCode::wrong_use,
         "--seed and --fit-seed are the same, so the people judged are those that were fitted on", ""},
        flags.json);
  const Result<forecast::Evaluation> evaluation = judged(flags);
  if (!evaluation) return report(evaluation.error(), flags.json);
  if (flags.json) {
    std::printf("%s\n", forecast::to_json(*evaluation).dump().c_str());
  } else {
    std::printf("%s%s\n", forecast::text_of(*evaluation).c_str(), records::kNotice);
  }
  return 0;
}

}  // namespace

void add_forecast_evaluate(CLI::App& forecast, Chosen& chosen) {
  CLI::App* verb = forecast.add_subcommand(
      "evaluate", "Persistence, rolling mean, EWMA, local level, AR and forecasters on held-out persons");
  auto flags = std::make_shared<ForecastEvaluateFlags>();
  verb->add_option("RECORDINGS", flags->recordings,
                   "Folders of frames.csv: a folder a recording, or PERSON/SESSION");
  verb->add_option("--simulate", flags->simulate, "Judge on so many simulated people instead")
      ->check(CLI::Range(1, 100000));
  verb->add_option("--seed", flags->simulate_seed, "Which simulated people")->capture_default_str();
  verb->add_option("--fit", flags->fit,
                   "Fit the baselines on these folders; else on the other persons, in five folds");
  verb->add_option("--fit-simulate", flags->fit_simulate, "Fit the baselines on so many simulated people")
      ->check(CLI::Range(1, 100000));
  verb->add_option("--fit-seed", flags->fit_seed, "Which ones")->capture_default_str();
  verb->add_option("--model", flags->models, kForecasterHelp);
  verb->add_option("--step", flags->settings.step_s, "Seconds of a step")
      ->check(CLI::Range(0.05, 86400.0))
      ->capture_default_str();
  verb->add_option("--aggregation", flags->settings.aggregation, "Steps of the rolling mean")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  verb->add_option("--warm-up", flags->settings.warm_up, "Steps at a beginning on which nobody is judged")
      ->check(CLI::Range(0, 100000))
      ->capture_default_str();
  verb->add_flag("--json", flags->json, "One line of JSON");
  add_simulator_flags(*verb, flags->simulator);
  add_place_flags(*verb, flags->place);
  verb->footer(
      "Example: pyrometer forecast evaluate --simulate 40 --fit-simulate 40 --model out/forecast/lstm");
  verb->callback([&chosen, flags] { chosen = [flags] { return forecast_evaluate(*flags); }; });
}

}  // namespace pyro::cli
