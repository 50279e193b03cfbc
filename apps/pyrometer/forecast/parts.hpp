// What the verbs below forecast share.
#pragma once

#include "../cli.hpp"
#include "pyro/forecast/simulator.hpp"
#include "pyro/forecaster/forecaster.hpp"

namespace pyro::cli {

void add_forecast_run(CLI::App& forecast, Chosen& chosen);
void add_forecast_evaluate(CLI::App& forecast, Chosen& chosen);
void add_forecast_simulate(CLI::App& forecast, Chosen& chosen);
void add_forecast_series(CLI::App& forecast, Chosen& chosen);

// A flag for each parameter: --sim.<name>.
void add_simulator_flags(CLI::App& verb, forecast::SimulatorSettings& settings);

// `model`: a name that the models know, or the folder that pyrometer-train forecast wrote it to (whose
// self-test must pass too). Errors: those of the store; no forecaster.
[[nodiscard]] Result<forecaster::Forecaster> open_forecaster(const std::string& model,
                                                             const PlaceFlags& place);
inline constexpr const char* kForecasterHelp =
    "A forecaster: its folder from `./run forecast`, or a name in the registry";

}  // namespace pyro::cli
