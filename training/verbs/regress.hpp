// regress: a verb of its own library, so that the others do not depend on that room.
#pragma once

#include "verbs/verbs.hpp"

namespace pyro::training {

void add_regress(CLI::App& app, Chosen& chosen);

}  // namespace pyro::training
