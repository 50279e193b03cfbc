// Programs beside this one.
#pragma once

#include <string>
#include <vector>

#include "pyro/base/result.hpp"

namespace pyro::training {

// Runs pyrometer-ir, which stands beside this program, without a shell, and returns what it printed; its
// messages go where ours go. Errors (failed): it cannot be started, or did not succeed.
Result<std::string> run_ir(std::vector<std::string> arguments);

}  // namespace pyro::training
