#include "postgres/database.hpp"
#include "sqlite/keeping.hpp"

namespace pyro::store {

Result<std::vector<std::string>> check(Database& database) {
  if (auto* file = dynamic_cast<sqlite::SqliteDatabase*>(&database)) return sqlite::check(*file);
  if (auto* server = dynamic_cast<postgres::PostgresDatabase*>(&database)) return postgres::check(*server);
  return wrong_use("this database cannot be checked");
}

}  // namespace pyro::store
