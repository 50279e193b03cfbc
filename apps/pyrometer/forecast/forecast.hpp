// forecast: a trained forecaster over recorded frames, and how good it and simple rules are. Training one is
// pyrometer-train's.
#pragma once

#include "../cli.hpp"

namespace pyro::cli {

void add_forecast(CLI::App& app, Chosen& chosen);

}  // namespace pyro::cli
