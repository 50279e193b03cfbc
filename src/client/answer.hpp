// What an answer says: JSON that can be relied on, or an Error.
#pragma once

#include "transfer.hpp"

namespace pyro::client {

// Error: not the status of a success, or no JSON. `asked`: "GET /api/v1/jobs".
[[nodiscard]] Result<Json> json_of(const Reply& reply, const std::string& origin, const std::string& asked);
[[nodiscard]] Error refusal_of(const Reply& reply, const std::string& origin, const std::string& asked);

}  // namespace pyro::client
