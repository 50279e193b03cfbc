// What was measured as a transaction Bundle of HL7 FHIR R4 (4.0.1, hl7.org/fhir/R4): a Patient of whom only a
// pseudonym is told, the Device that measured, one Observation for the session, and what there is of Consent,
// QuestionnaireResponse and an Observation for each scale. docs/fhir.md has the mapping and the codes.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "pyro/fhir/sources.hpp"

namespace pyro::fhir {

struct Export {
  std::string person;
  Session session;
  bool with_session = true;  // false: questionnaires alone; of the session only `written` counts
  Surveys surveys;
  std::optional<Consent> consent;
};

// Every resource has an identifier made from its content and is created only where none has it
// (ifNoneExist): sent twice, nothing is there twice, and the same export gives the same bytes.
//
// Errors (bad_input): the consent is somebody else's, is not active, or does not cover the day of the session
// or of a questionnaire. Without a consent nothing is asked of it.
[[nodiscard]] Result<nlohmann::ordered_json> bundle_of(const Export& what);

}  // namespace pyro::fhir
