// JSON Schema (draft 7).
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "pyro/surveys/definition.hpp"

namespace pyro::surveys {

// Each innermost place that the schema refuses. Error (failed): the schema cannot be used.
[[nodiscard]] Result<std::vector<Fault>> schema_faults(const nlohmann::json& document,
                                                       const nlohmann::json& schema);

}  // namespace pyro::surveys
