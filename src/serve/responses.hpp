// An answered questionnaire becomes a row: scored at once, kept with what it was scored by.
#pragma once

#include <string>

#include "pyro/archive/rows.hpp"
#include "pyro/surveys/response.hpp"

namespace pyro::serve {

// `session`: that it belongs to; empty: none. The response must be one that the instrument allows.
[[nodiscard]] Result<archive::Json> add_response(store::Connection& in, const surveys::Instrument& instrument,
                                                 const surveys::Response& response,
                                                 const std::string& session, UtcTime now);

}  // namespace pyro::serve
