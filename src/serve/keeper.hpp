// What running sessions have seen, second by second, into the database: many sessions' seconds by one write.
#pragma once

#include <memory>

#include "pyro/live/hub.hpp"
#include "pyro/store/database.hpp"

namespace pyro::serve {

[[nodiscard]] std::unique_ptr<live::Keeper> make_keeper(store::Database& database);

}  // namespace pyro::serve
