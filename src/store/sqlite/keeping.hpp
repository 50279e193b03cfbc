#pragma once

#include "database.hpp"

namespace pyro::store::sqlite {

[[nodiscard]] Result<std::vector<std::string>> check(SqliteDatabase& database);

}  // namespace pyro::store::sqlite
