// One connection to an SQLite file; used by one thread at a time.
#pragma once

#include <sqlite3.h>

#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "pyro/store/database.hpp"

namespace pyro::store::sqlite {

// Statements kept ready, the least recently used goes first.
class Statements {
 public:
  struct Prepared {
    std::string sql;
    std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement{nullptr, sqlite3_finalize};
    std::vector<int> values;        // of each parameter of SQLite's, in its order: which value it takes
    std::size_t values_wanted = 0;  // the highest $N
  };
  explicit Statements(sqlite3* connection) : connection_(connection) {}
  [[nodiscard]] Result<Prepared*> of(std::string_view sql);

 private:
  static constexpr std::size_t kMost = 128;
  sqlite3* connection_;
  std::list<Prepared> kept_;  // most recently used first
  std::unordered_map<std::string_view, std::list<Prepared>::iterator> by_text_;
};

enum class Access { read, write };

class Handle final : public Connection {
 public:
  // An existing file; `access` read: no statement may change it. Errors: see open_sqlite.
  [[nodiscard]] static Result<std::unique_ptr<Handle>> open(const std::filesystem::path& file, const Key& key,
                                                            Access access);
  ~Handle() override;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  using Connection::change;
  using Connection::query;
  [[nodiscard]] Result<Rows> query(std::string_view sql, std::span<const Value> values) override;
  [[nodiscard]] Result<std::int64_t> change(std::string_view sql, std::span<const Value> values) override;
  [[nodiscard]] Status insert(std::string_view table, std::string_view columns,
                              std::span<const Row> rows) override;

  // Our own statements without values: BEGIN, PRAGMA …
  [[nodiscard]] Status run(const char* sql);
  // The first column of the first row; empty: there was none.
  [[nodiscard]] Result<std::string> text_of(const char* sql);
  // What the last call that failed means.
  [[nodiscard]] Error error(std::string_view what) const;

  // A statement that failed ends the work, as it does on PostgreSQL: the first error, until forget_failure().
  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }
  void forget_failure() { failure_.reset(); }
  [[nodiscard]] bool in_transaction() const { return sqlite3_get_autocommit(raw()) == 0; }
  // References that a deferred constraint has yet to see.
  [[nodiscard]] bool owes_references() const;
  [[nodiscard]] sqlite3* raw() const { return connection_.get(); }
  [[nodiscard]] const std::filesystem::path& file() const { return file_; }

 private:
  Handle() = default;
  [[nodiscard]] Status bind(Statements::Prepared& prepared, std::span<const Value> values);
  [[nodiscard]] Status step_all(std::string_view sql, std::span<const Value> values, Rows* rows);
  template <typename T>
  [[nodiscard]] T noted(T result);

  std::filesystem::path file_;
  std::unique_ptr<sqlite3, int (*)(sqlite3*)> connection_{nullptr, sqlite3_close};
  std::unique_ptr<Statements> statements_;
  std::optional<Error> failure_;
};

// Wiped from memory when SQLite has it.
[[nodiscard]] Status give_key(sqlite3* connection, const char* schema, const Key& key);

}  // namespace pyro::store::sqlite
