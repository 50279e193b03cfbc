// trend: what weeks of values say, per person and per group.
#pragma once

#include "../cli.hpp"

namespace pyro::cli {

void add_trend(CLI::App& app, Chosen& chosen);

}  // namespace pyro::cli
