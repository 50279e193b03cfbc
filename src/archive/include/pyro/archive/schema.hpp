// The SQL that makes the tables, as forward migrations. A migration that has been released is never changed:
// what comes later is a new one.
#pragma once

#include <span>

#include "pyro/store/migrations.hpp"

namespace pyro::archive {

[[nodiscard]] std::span<const store::Migration> schema();

}  // namespace pyro::archive
