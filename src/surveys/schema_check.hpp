// JSON Schema (draft 7).
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "pyro/base/result.hpp"

namespace pyro::surveys {

// Error (bad_input): "<name>: scales[0].score: …" of the first place that the schema refuses.
[[nodiscard]] Status check_schema(const nlohmann::json& document, const nlohmann::json& schema,
                                  const std::string& name);

}  // namespace pyro::surveys
