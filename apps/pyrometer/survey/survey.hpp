// survey: questionnaires, their answers and scores.
#pragma once

#include "../cli.hpp"

namespace pyro::cli {

void add_survey(CLI::App& app, Chosen& chosen);

}  // namespace pyro::cli
