// The verb forecast, which needs a room that the others do not.
#pragma once

#include "verbs/verbs.hpp"

namespace pyro::training {

void add_forecast(CLI::App& app, Chosen& chosen);

}  // namespace pyro::training
