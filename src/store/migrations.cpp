#include "pyro/store/migrations.hpp"

#include <chrono>

#include "fault.hpp"
#include "pyro/base/sha256.hpp"

namespace pyro::store {
namespace {

constexpr std::string_view kTable =
    "CREATE TABLE IF NOT EXISTS schema_migration (version BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_us "
    "BIGINT "
    "NOT NULL, sha256 TEXT NOT NULL)";

// Of all that is run; a length before each piece, so that no other cut gives the same.
std::string digest_of(const Migration& migration) {
  std::string text;
  for (const std::string_view statement : migration.statements) {
    text += std::to_string(statement.size()) + ":";
    text += statement;
  }
  return sha256_hex(text);
}

// How many of the list are applied.
Result<std::size_t> applied(Connection& connection, std::span<const Migration> migrations) {
  const Result<Rows> rows = connection.query("SELECT version, sha256 FROM schema_migration ORDER BY version");
  if (!rows) return tl::make_unexpected(rows.error());
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const auto* version = std::get_if<std::int64_t>(&(*rows)[i][0]);
    const auto* digest = std::get_if<std::string>(&(*rows)[i][1]);
    if (version == nullptr || digest == nullptr || *version != static_cast<std::int64_t>(i) + 1)
      return bad_input("the database's list of migrations has a gap at " + std::to_string(i + 1) +
                       "; bring back a backup");
    if (i >= migrations.size()) {
      return bad_input("the database is at version " + std::to_string(rows->size()) +
                       " and this program knows only " + std::to_string(migrations.size()) +
                       "; use a newer program");
    }
    if (*digest != digest_of(migrations[i])) {
      return bad_input(
          "migration " + std::to_string(i + 1) + " (" + std::string(migrations[i].name) +
          ") was another one when it was applied to this database; use the program that made it, or a "
          "newer one of its line");
    }
  }
  return rows->size();
}

Status apply(Connection& connection, const Migration& migration) {
  const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  // First, so that another program that is at the same migration waits here and not at a table of which it
  // knows nothing.
  const auto noted = connection.change(
      "INSERT INTO schema_migration (version, name, applied_us, sha256) VALUES ($1, $2, $3, $4)",
      std::int64_t{migration.version}, std::string(migration.name), std::int64_t{now.count()},
      digest_of(migration));
  if (!noted) return tl::make_unexpected(noted.error());
  for (const std::string_view statement : migration.statements) {
    if (const auto done = connection.change(statement); !done) {
      Error error = done.error();
      error.message = "migration " + std::to_string(migration.version) + " (" + std::string(migration.name) +
                      ") cannot be applied: " + error.message;
      return tl::make_unexpected(std::move(error));
    }
  }
  return migration.then == nullptr ? Status{} : migration.then(connection);
}

// IF NOT EXISTS looks before it makes: what another program makes in between is an object twice, or a row of
// the catalogue.
bool exists_already(const Error& error) {
  const std::string_view state = sqlstate_of(error);
  return state == "42P07" || state == "42710" || state == "23505";
}

}  // namespace

Status migrate(Database& database, std::span<const Migration> migrations) {
  for (std::size_t i = 0; i < migrations.size(); ++i) {
    if (migrations[i].version != static_cast<int>(i) + 1)
      return wrong_use("migrations are numbered 1, 2, 3 and so on; number " + std::to_string(i + 1) +
                       " is missing");
  }
  if (Status made = database.write([](Connection& connection) -> Status {
        const auto done = connection.change(kTable);
        if (!done) return tl::make_unexpected(done.error());
        return {};
      });
      !made && !exists_already(made.error()))
    return made;
  for (std::size_t have = 0; have <= migrations.size();) {
    // What is applied is looked up in the transaction that applies the next: another program may be at it
    // too.
    std::size_t found = 0;
    const Status stepped = database.write([&](Connection& connection) -> Status {
      const Result<std::size_t> done = applied(connection, migrations);
      if (!done) return tl::make_unexpected(done.error());
      found = *done;
      return found == migrations.size() ? Status{} : apply(connection, migrations[found]);
    });
    if (stepped) {
      have = found + 1;  // one more than there are: it was whole
      continue;
    }
    if (fault_of(stepped.error()) != Fault::conflict) return stepped;
    // Another program applied this one first; where none did, the migration collides with what is there.
    const Status seen = database.read([&](Connection& connection) -> Status {
      const Result<std::size_t> done = applied(connection, migrations);
      if (!done) return tl::make_unexpected(done.error());
      have = *done;
      return {};
    });
    if (!seen || have <= found) return stepped;
  }
  return {};
}

}  // namespace pyro::store
