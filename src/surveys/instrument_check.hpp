// What a schema cannot say about a definition.
#pragma once

#include <vector>

#include "pyro/surveys/definition.hpp"

namespace pyro::surveys {

[[nodiscard]] std::vector<Fault> instrument_faults(const Instrument& instrument, Home home);

}  // namespace pyro::surveys
