// The steps by which a database's tables come to be what the program needs: forward only, each in one
// transaction together with its row in schema_migration, so that a kill leaves the tables at a whole version.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "pyro/store/database.hpp"

namespace pyro::store {

struct Migration {
  int version = 0;  // from 1 on, without a gap
  std::string_view name;
  std::vector<std::string_view>
      statements;                         // SQL that both databases take, one statement each, without values
  Status (*then)(Connection&) = nullptr;  // what SQL alone cannot do to the rows that there are
};

// Does nothing where all are applied; several programs may start at once. Errors: wrong_use, the list has a
// gap; bad_input, the database is newer than the list, or a migration that it has was another text then; else
// the database's.
[[nodiscard]] Status migrate(Database& database, std::span<const Migration> migrations);

}  // namespace pyro::store
