// validate: a score against a questionnaire.
#pragma once

#include "../cli.hpp"

namespace pyro::cli {

void add_validate(CLI::App& app, Chosen& chosen);

}  // namespace pyro::cli
