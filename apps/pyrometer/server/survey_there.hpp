// survey on a server: what there is to be answered, and where answers go.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pyro/surveys/instrument.hpp"
#include "pyro/surveys/response.hpp"
#include "server.hpp"

namespace pyro::cli {

int list_surveys_there(const ServerFlags& flags, bool json);

// The questionnaire as the server has it, shipped or made there. Errors: there is none by this id; what came
// is none.
[[nodiscard]] Result<surveys::Instrument> instrument_there(client::Server& server, const std::string& id);

// The server's wording of a questionnaire, in the language that was asked for, else the only one; none: it
// has none. `language`: is set to which it is. Errors: it has several languages.
[[nodiscard]] Result<std::optional<surveys::Wording>> wording_there(client::Server& server,
                                                                    const surveys::Instrument& instrument,
                                                                    std::string& language);

// Sends responses, whose person is an id or a pseudonym there, one by one; the rows that the server made of
// them. `as_taken`: with the time that they have; else it is now. Nothing is sent where a person is unknown.
// What breaks in the middle may be sent again: none counts twice.
[[nodiscard]] Result<nlohmann::json> send_responses(client::Server& server,
                                                    const std::vector<surveys::Response>& responses,
                                                    bool as_taken, bool json);

}  // namespace pyro::cli
