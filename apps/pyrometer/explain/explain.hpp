// explain: a verb for pictures, with a verb of its own for sessions.
#pragma once

#include "../cli.hpp"

namespace pyro::cli {

void add_explain(CLI::App& app, Chosen& chosen);
void add_explain_session(CLI::App& explain, Chosen& chosen);

}  // namespace pyro::cli
