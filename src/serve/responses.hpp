// An answered questionnaire becomes a row: scored at once, kept with what it was scored by.
#pragma once

#include <string>

#include "pyro/archive/rows.hpp"
#include "pyro/serve/problem.hpp"
#include "pyro/surveys/response.hpp"

namespace pyro::serve {

// What a request's answers are to this questionnaire. 422: too many or few, one out of range.
[[nodiscard]] Granted<std::vector<std::optional<int>>> answers_to(const surveys::Instrument& instrument,
                                                                  const archive::Json& answers);

// `session`: that it belongs to; empty: none. The response must be one that the instrument allows.
[[nodiscard]] Result<archive::Json> add_response(store::Connection& in, const surveys::Instrument& instrument,
                                                 const surveys::Response& response,
                                                 const std::string& session, UtcTime now);

}  // namespace pyro::serve
