// Texts by which people agree: those that a new site has, and how another edition of one comes to be.
#pragma once

#include "pyro/archive/rows.hpp"

namespace pyro::serve {

// The texts of consents/templates.yaml, where there are none yet. Error (failed): that file is wrong.
[[nodiscard]] Status make_consent_templates(store::Connection& in, UtcTime now);

// A text is never changed, so that what somebody agreed to can be shown: `fields` (name, language, purpose,
// scopes, text, mode) become the next edition of that name and language, and the earlier ones can no longer
// be agreed to.
[[nodiscard]] Result<archive::Json> add_consent_template(store::Connection& in, archive::Json fields,
                                                         UtcTime now);

// As a consent names the text that was agreed to: "clinical-sessions/en/2".
[[nodiscard]] std::string text_version_of(const archive::Json& consent_template);

}  // namespace pyro::serve
