// regress apply: what a kept regression says of a table of sessions.
#pragma once

#include "../cli.hpp"

namespace pyro::cli {

void add_regress(CLI::App& app, Chosen& chosen);

}  // namespace pyro::cli
