// export fhir: what was measured for another system of health records.
#pragma once

#include "../cli.hpp"

namespace pyro::cli {

void add_export_fhir(CLI::App& verb, Chosen& chosen);

}  // namespace pyro::cli
