// An evaluation as text on standard output.
#pragma once

#include "pyro/datasets/evaluation.hpp"

namespace pyro::cli {

void print(const datasets::Evaluation& evaluation);

}  // namespace pyro::cli
