// The parts of the verb `dataset` that have a file of their own.
#pragma once

#include "cli.hpp"

namespace pyro::cli {

void add_dataset_landmarks(CLI::App& dataset, Chosen& chosen);

}  // namespace pyro::cli
