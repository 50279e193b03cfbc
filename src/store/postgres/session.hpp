// One connection to a PostgreSQL server; used by one thread at a time.
#pragma once

#include <libpq-fe.h>

#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "pyro/store/database.hpp"

namespace pyro::store::postgres {

struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, Clear>;

class Session final : public Connection {
 public:
  // Errors: 08001, the server cannot be reached; others as the server says.
  [[nodiscard]] static Result<std::unique_ptr<Session>> open(const std::string& address);

  using Connection::change;
  using Connection::query;
  [[nodiscard]] Result<Rows> query(std::string_view sql, std::span<const Value> values) override;
  [[nodiscard]] Result<std::int64_t> change(std::string_view sql, std::span<const Value> values) override;
  [[nodiscard]] Status insert(std::string_view table, std::string_view columns,
                              std::span<const Row> rows) override;

  // Our own statements without values.
  [[nodiscard]] Status run(const char* sql);
  // Error 08007: whether it was committed is not known.
  [[nodiscard]] Status commit();

  // The server ends a transaction at its first failure, so a work that passed over it has failed all the
  // same.
  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }
  void forget_failure() { failure_.reset(); }
  [[nodiscard]] bool lost() const { return PQstatus(connection_.get()) != CONNECTION_OK; }
  [[nodiscard]] bool in_transaction() const { return PQtransactionStatus(connection_.get()) != PQTRANS_IDLE; }
  // After a table has changed its columns, what was prepared for it no longer runs.
  void forget_statements();
  [[nodiscard]] int version() const { return PQserverVersion(connection_.get()); }
  [[nodiscard]] bool is_cockroach() const {
    return PQparameterStatus(connection_.get(), "crdb_version") != nullptr;
  }

 private:
  struct Prepared {
    std::string sql, name;
  };
  struct Close {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  explicit Session(PGconn* connection) : connection_(connection) {}
  [[nodiscard]] Result<std::string> prepared(std::string_view sql);
  [[nodiscard]] Result<Answer> execute(std::string_view sql, std::span<const Value> values);
  [[nodiscard]] Result<std::vector<Oid>> types_of(std::string_view table, std::string_view columns);
  [[nodiscard]] Status copy(const std::string& sql, const std::vector<Oid>& types, std::span<const Row> rows);
  [[nodiscard]] Error error_of(const PGresult* answer) const;
  template <typename T>
  [[nodiscard]] T noted(T result);

  std::unique_ptr<PGconn, Close> connection_;
  std::list<Prepared> kept_;  // most recently used first
  std::unordered_map<std::string_view, std::list<Prepared>::iterator> by_text_;
  std::unordered_map<std::string, std::vector<Oid>> column_types_;
  std::uint64_t named_ = 0;
  std::optional<Error> failure_;
};

}  // namespace pyro::store::postgres
