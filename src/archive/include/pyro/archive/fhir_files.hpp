// Rows of the store as Bundles of FHIR R4.
#pragma once

#include <string>
#include <vector>

#include "pyro/archive/rows.hpp"

namespace pyro::archive {

// `session`: a row of the table; `csv`: its frames, which may be none. Error (bad_input): there is nothing of
// it to tell.
[[nodiscard]] Result<std::string> fhir_session(const std::string& pseudonym, const Json& session,
                                               const std::string& csv, UtcTime now);
// `responses`: rows of that table.
[[nodiscard]] Result<std::string> fhir_questionnaires(const std::string& pseudonym,
                                                      const std::vector<Json>& responses, UtcTime now);

}  // namespace pyro::archive
