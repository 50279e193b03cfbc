#include "session.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "../fault.hpp"
#include "values.hpp"

namespace pyro::store::postgres {
namespace {

constexpr std::size_t kMostPrepared = 128;
constexpr std::size_t kCopyPieceBytes = std::size_t{64} << 10;

// The password of an address, which must not stand in an error. Where it cannot be read, nothing of it may:
// the piece that libpq stumbles over could be the password.
Result<std::string> password_in(const std::string& address) {
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(address.c_str(), &message), PQconninfoFree);
  PQfreemem(message);
  const auto malformed = [] {
    return wrong_use(
        "the address of the PostgreSQL database cannot be read; write "
        "postgresql://USER:PASSWORD@HOST:PORT/NAME with "
        "special characters as %XX, or host=… dbname=…");
  };
  if (!options) return malformed();
  std::string password;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    const std::string_view keyword = option->keyword;
    if (keyword == "password") password = option->val;
    // A password whose special characters were not escaped has its end in these.
    const std::string_view text = option->val;
    if ((keyword == "host" && text.find('@', 1) != std::string_view::npos) ||
        (keyword == "port" && text.find_first_not_of("0123456789,") != std::string_view::npos))
      return malformed();
  }
  return password;
}

std::string without(std::string text, const std::string& secret) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  std::ranges::replace(text, '\n', ' ');
  if (secret.empty()) return text;
  for (std::size_t at = 0; (at = text.find(secret, at)) != std::string::npos;)
    text.replace(at, secret.size(), "***");
  return text;
}

}  // namespace

Result<std::unique_ptr<Session>> Session::open(const std::string& address) {
  const Result<std::string> password = password_in(address);
  if (!password) return tl::make_unexpected(password.error());
  // What stands before the address can be set otherwise in it; what stands after cannot.
  constexpr std::array<const char*, 9> kKeywords{
      "connect_timeout",  "keepalives_idle",  "keepalives_interval",
      "keepalives_count", "tcp_user_timeout", "fallback_application_name",
      "dbname",           "client_encoding",  nullptr};
  const std::array<const char*, 9> values{"3",    "10",   "5", "2", "5000", "pyrometer", address.c_str(),
                                          "UTF8", nullptr};
  std::unique_ptr<Session> session(new Session(PQconnectdbParams(kKeywords.data(), values.data(), 1)));
  PGconn* connection = session->connection_.get();
  if (PQstatus(connection) != CONNECTION_OK) {
    // libpq has no SQLSTATE for a connection that failed; only what the server said in words.
    const std::string said = without(PQerrorMessage(connection), *password);
    const auto says = [&said](const char* words) { return said.find(words) != std::string::npos; };
    const std::string_view state = says("password") || says("authentication failed") || says("role \"")
                                       ? "28000"
                                   : says("database \"") && says("does not exist") ? "3D000"
                                                                                   : "08001";
    return tl::make_unexpected(sql_error(state, way_out(state), said));
  }
  PQsetNoticeReceiver(
      connection, [](void*, const PGresult*) {}, nullptr);
  if (!session->is_cockroach()) {
    if (Status set = session->run("SELECT set_config('synchronous_commit', 'on', false) "
                                  "WHERE current_setting('synchronous_commit') = 'off'");
        !set)
      return tl::make_unexpected(set.error());
  }
  const std::string patience = "SET lock_timeout = " + std::to_string(kPatienceMs);
  if (Status set = session->run(patience.c_str()); !set) return tl::make_unexpected(set.error());
  return session;
}

Error Session::error_of(const PGresult* answer) const {
  const char* state = answer != nullptr ? PQresultErrorField(answer, PG_DIAG_SQLSTATE) : nullptr;
  // The detail would name the row's values, the primary message does not.
  const char* primary = answer != nullptr ? PQresultErrorField(answer, PG_DIAG_MESSAGE_PRIMARY) : nullptr;
  const std::string_view code = lost() && (state == nullptr || std::string_view(state).starts_with("57P"))
                                    ? "08006"
                                    : (state != nullptr ? state : "XX000");
  return sql_error(
      code, way_out(code),
      primary != nullptr ? std::string(primary) : without(PQerrorMessage(connection_.get()), ""));
}

template <typename T>
T Session::noted(T result) {
  if (!result && !failure_) failure_ = result.error();
  return result;
}

Status Session::run(const char* sql) {
  const Answer answer(PQexec(connection_.get(), sql));
  const ExecStatusType status = PQresultStatus(answer.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    return tl::make_unexpected(error_of(answer.get()));
  return {};
}

Status Session::commit() {
  if (lost()) return tl::make_unexpected(sql_error("08006", way_out("08006")));
  const Answer answer(PQexec(connection_.get(), "COMMIT"));
  if (PQresultStatus(answer.get()) == PGRES_COMMAND_OK) {
    if (std::string_view(PQcmdStatus(answer.get())) == "COMMIT") return {};
    return tl::make_unexpected(sql_error("25P02", "the transaction had failed before its end"));
  }
  Error error = error_of(answer.get());
  // The server may have committed and gone before it could say so.
  if (lost() || sqlstate_of(error).starts_with("08") || sqlstate_of(error).starts_with("57P"))
    error = sql_error("08007", "the connection broke during the commit; whether it took place is not known",
                      error.context);
  return tl::make_unexpected(std::move(error));
}

void Session::forget_statements() {
  kept_.clear();
  by_text_.clear();
  column_types_.clear();
  if (!lost()) static_cast<void>(run("DEALLOCATE ALL"));
}

Result<std::string> Session::prepared(std::string_view sql) {
  if (const auto known = by_text_.find(sql); known != by_text_.end()) {
    kept_.splice(kept_.begin(), kept_, known->second);
    return kept_.front().name;
  }
  Prepared fresh{std::string(sql), "p" + std::to_string(named_++)};
  const Answer answer(PQprepare(connection_.get(), fresh.name.c_str(), fresh.sql.c_str(), 0, nullptr));
  if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK) return tl::make_unexpected(error_of(answer.get()));
  kept_.push_front(std::move(fresh));
  by_text_.emplace(kept_.front().sql, kept_.begin());
  if (kept_.size() > kMostPrepared) {
    const std::string drop = "DEALLOCATE " + kept_.back().name;
    by_text_.erase(kept_.back().sql);
    kept_.pop_back();
    if (Status dropped = run(drop.c_str()); !dropped) return tl::make_unexpected(dropped.error());
  }
  return kept_.front().name;
}

Result<Answer> Session::execute(std::string_view sql, std::span<const Value> values) {
  if (Status fit = storable(values); !fit) return tl::make_unexpected(fit.error());
  const Result<std::string> name = prepared(sql);
  if (!name) return tl::make_unexpected(name.error());
  std::vector<std::string> texts(values.size());
  std::vector<const char*> pointers(values.size());
  std::vector<int> lengths(values.size()), formats(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (const auto* blob = std::get_if<Blob>(&values[i])) {
      pointers[i] = blob->bytes.data();
      lengths[i] = static_cast<int>(blob->bytes.size());
      formats[i] = 1;
    } else if (const auto* text = std::get_if<std::string>(&values[i])) {
      pointers[i] = text->c_str();
    } else if (!std::holds_alternative<std::monostate>(values[i])) {
      texts[i] = text_of(values[i]);
      pointers[i] = texts[i].c_str();
    }
  }
  Answer answer(PQexecPrepared(connection_.get(), name->c_str(), static_cast<int>(values.size()),
                               pointers.data(), lengths.data(), formats.data(), 1));
  const ExecStatusType status = PQresultStatus(answer.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    return tl::make_unexpected(error_of(answer.get()));
  return answer;
}

Result<Rows> Session::query(std::string_view sql, std::span<const Value> values) {
  const Result<Answer> answer = noted(execute(sql, values));
  if (!answer) return tl::make_unexpected(answer.error());
  const int columns = PQnfields(answer->get());
  Rows rows(static_cast<std::size_t>(PQntuples(answer->get())));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].reserve(static_cast<std::size_t>(columns));
    for (int column = 0; column < columns; ++column) {
      Result<Value> value = noted(value_of(answer->get(), static_cast<int>(i), column));
      if (!value) return tl::make_unexpected(value.error());
      rows[i].push_back(std::move(*value));
    }
  }
  return rows;
}

Result<std::int64_t> Session::change(std::string_view sql, std::span<const Value> values) {
  const Result<Answer> answer = noted(execute(sql, values));
  if (!answer) return tl::make_unexpected(answer.error());
  return std::int64_t{std::atoll(PQcmdTuples(answer->get()))};
}

Result<std::vector<Oid>> Session::types_of(std::string_view table, std::string_view columns) {
  const std::string sql = "SELECT " + std::string(columns) + " FROM " + std::string(table) + " LIMIT 0";
  if (const auto known = column_types_.find(sql); known != column_types_.end()) return known->second;
  const Result<Answer> answer = execute(sql, {});
  if (!answer) return tl::make_unexpected(answer.error());
  std::vector<Oid> types(static_cast<std::size_t>(PQnfields(answer->get())));
  for (std::size_t i = 0; i < types.size(); ++i) types[i] = PQftype(answer->get(), static_cast<int>(i));
  if (column_types_.size() >= kMostPrepared) column_types_.clear();
  column_types_.emplace(sql, types);
  return types;
}

Status Session::insert(std::string_view table, std::string_view columns, std::span<const Row> rows) {
  if (rows.empty()) return {};
  const Result<std::vector<Oid>> types = noted(types_of(table, columns));
  if (!types) return tl::make_unexpected(types.error());
  const std::string sql =
      "COPY " + std::string(table) + " (" + std::string(columns) + ") FROM STDIN WITH (FORMAT binary)";
  return noted(copy(sql, *types, rows));
}

Status Session::copy(const std::string& sql, const std::vector<Oid>& types, std::span<const Row> rows) {
  PGconn* connection = connection_.get();
  {
    const Answer begun(PQexec(connection, sql.c_str()));
    if (PQresultStatus(begun.get()) != PGRES_COPY_IN) return tl::make_unexpected(error_of(begun.get()));
  }
  Status fit;
  // The signature, no flags, no extension of the header.
  std::string piece("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
  bool sent = true;
  const auto send = [&] {
    sent = PQputCopyData(connection, piece.data(), static_cast<int>(piece.size())) == 1;
    piece.clear();
  };
  for (const Row& row : rows) {
    if (row.size() != types.size()) {
      fit = tl::make_unexpected(
          sql_error("07001", "a row has another number of values than there are columns"));
    } else {
      fit = storable(row);
    }
    append_int16(piece, static_cast<std::int16_t>(types.size()));
    for (std::size_t i = 0; fit && i < types.size(); ++i) fit = append_field(piece, row[i], types[i]);
    if (!fit) break;
    if (piece.size() >= kCopyPieceBytes) send();
    if (!sent) break;
  }
  if (fit && sent) {
    append_int16(piece, -1);
    send();
  }
  static_cast<void>(PQputCopyEnd(connection, fit ? nullptr : "a value does not fit"));
  Status done;
  while (true) {
    const Answer answer(PQgetResult(connection));
    if (!answer) break;
    if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK && done)
      done = tl::make_unexpected(error_of(answer.get()));
    if (lost()) break;
  }
  if (!fit && !lost()) return fit;
  if (lost() && done) done = tl::make_unexpected(error_of(nullptr));
  return done;
}

}  // namespace pyro::store::postgres
