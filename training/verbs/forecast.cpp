#include "verbs/forecast.hpp"

#include <nlohmann/json.hpp>

#include "forecast/fit.hpp"
#include "pyro/forecast/simulator.hpp"

namespace pyro::training {
namespace {

struct ForecastFlags {
  std::vector<std::string> data;
  std::size_t people = 0;
  forecast::SimulatorSettings simulator;
  ForecastJob job;
};

Status forecast_fit(const ForecastFlags& flags) {
  std::vector<forecast::Series> series;
  ForecastJob job = flags.job;
  for (const std::string& folder : flags.data) {
    auto read = forecast::read_folder(folder, Seconds{job.step_s}, {});
    if (!read) return tl::make_unexpected(read.error());
    series.insert(series.end(), std::make_move_iterator(read->begin()), std::make_move_iterator(read->end()));
  }
  if (!series.empty()) job.data = std::to_string(series.size()) + " recorded series";
  if (flags.people > 0) {
    auto made = forecast::simulated_series(flags.simulator, job.seed, flags.people, Seconds{job.step_s}, {});
    job.data += (job.data.empty() ? "" : ", ") + std::to_string(made.size()) + " simulated sessions of " +
                std::to_string(flags.people) + " simulated persons, seed " + std::to_string(job.seed);
    series.insert(series.end(), std::make_move_iterator(made.begin()), std::make_move_iterator(made.end()));
  }
  if (series.empty())
    return wrong_use("nothing to learn from: give folders with --data, or --simulate PEOPLE, or both");
  return print(fit_forecasters(series, job));
}

}  // namespace

void add_forecast(CLI::App& app, Chosen& chosen) {
  CLI::App* verb = app.add_subcommand(
      "forecast", "fit LSTM, TCN and Transformer that forecast the score, on recorded or simulated sessions");
  verb->footer("Example: pyrometer-train forecast --simulate 120 --out out/forecast");
  auto flags = std::make_shared<ForecastFlags>();
  ForecastJob& job = flags->job;
  verb->add_option("--data", flags->data, "folders of frames.csv (a folder a recording, or PERSON/SESSION)");
  verb->add_option("--simulate", flags->people, "so many simulated people too (docs/forecast.md)")
      ->check(CLI::Range(1, 100000));
  verb->add_option("--out", job.out, "folder for a folder of each network, and forecast.json")->required();
  verb->add_option("--net", job.nets, "which networks; all unless given")
      ->check(CLI::IsMember(kForecastNets));
  verb->add_option("--step", job.step_s, "seconds of a step; a network looks back 30 of them")
      ->check(CLI::Range(0.05, 86400.0))
      ->capture_default_str();
  verb->add_option("--width", job.width, "channels of the networks, a multiple of 4")
      ->check(CLI::Range(4, 512))
      ->check([](const std::string& text) {
        return std::stoi(text) % 4 == 0 ? std::string() : "must be a multiple of 4: " + text;
      })
      ->capture_default_str();
  verb->add_option("--epochs", job.epochs)->check(CLI::Range(1, 1000))->capture_default_str();
  verb->add_option("--batch", job.batch, "series side by side")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  verb->add_option("--learning-rate", job.learning_rate)->check(CLI::Range(1e-6, 1.0))->capture_default_str();
  verb->add_option("--hold-out", job.hold_out, "share of the persons on whom the epoch is chosen")
      ->check(CLI::Range(0.01, 0.9))
      ->capture_default_str();
  verb->add_option("--seed", job.seed)->capture_default_str();
  for (const forecast::SimulatorParameter& parameter : forecast::simulator_parameters()) {
    verb->add_option("--sim." + std::string(parameter.name), flags->simulator.*parameter.value,
                     std::string(parameter.what))
        ->check(CLI::Range(parameter.least, parameter.most))
        ->capture_default_str()
        ->group("Simulated people");
  }
  add_threads(*verb);
  verb->callback([&chosen, flags] { chosen = [flags] { return forecast_fit(*flags); }; });
}

}  // namespace pyro::training
