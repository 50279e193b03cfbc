// What a schema cannot say about a definition.
#pragma once

#include <string>

#include "pyro/surveys/instrument.hpp"

namespace pyro::surveys {

[[nodiscard]] Status check_instrument(const Instrument& instrument, const std::string& name);

}  // namespace pyro::surveys
