#include "handle.hpp"

#include <sodium.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "../fault.hpp"

namespace pyro::store::sqlite {
namespace {

std::string_view state_of(int code, int system_error) {
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return "23505";
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return "23503";
    case SQLITE_CONSTRAINT_NOTNULL:
      return "23502";
    case SQLITE_CONSTRAINT_CHECK:
      return "23514";
    case SQLITE_IOERR_NOMEM:
      return "53200";
    default:
      break;
  }
  switch (code & 0xFF) {
    case SQLITE_CONSTRAINT:
      return "23000";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return "55P03";
    case SQLITE_FULL:
      return "53100";
    case SQLITE_IOERR:
      // A quota or a limit on the size of files ends like a full disk.
      return system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG ? "53100" : "58030";
    case SQLITE_CANTOPEN:
      return system_error == ENOSPC || system_error == EDQUOT   ? "53100"
             : system_error == EMFILE || system_error == ENFILE ? "53000"
                                                                : "58P01";
    case SQLITE_NOMEM:
      return "53200";
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return "XX001";
    case SQLITE_READONLY:
      return "25006";
    case SQLITE_INTERRUPT:
      return "57014";
    case SQLITE_TOOBIG:
      return "54000";
    case SQLITE_MISMATCH:
      return "42804";
    case SQLITE_ERROR:
      return "42601";
    default:
      return "XX000";
  }
}

// Where the key is given as bytes' digits, SQLCipher takes it as it is instead of deriving one from a
// password.
std::string key_text(const Key& key) {
  std::string digits = key.hex();
  std::string text;
  text.reserve(3 + digits.size());
  text += "x'";
  text += digits;
  text += "'";
  sodium_memzero(digits.data(), digits.size());
  return text;
}

// Resets a statement however the work with it ends.
struct InUse {
  sqlite3_stmt* statement;
  explicit InUse(sqlite3_stmt* of) : statement(of) {}
  ~InUse() {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
  }
  InUse(const InUse&) = delete;
  InUse& operator=(const InUse&) = delete;
};

Value value_at(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return std::int64_t{sqlite3_column_int64(statement, column)};
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, column);
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
      return std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
    }
    case SQLITE_BLOB: {
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
      return Blob{size == 0 ? std::string() : std::string(bytes, size)};
    }
    default:
      return std::monostate{};
  }
}

}  // namespace

Status give_key(sqlite3* connection, const char* schema, const Key& key) {
  std::string text = key_text(key);
  const int done = sqlite3_key_v2(connection, schema, text.data(), static_cast<int>(text.size()));
  sodium_memzero(text.data(), text.size());
  if (done != SQLITE_OK) return failed("SQLite does not take the key", sqlite3_errmsg(connection));
  return {};
}

Result<Statements::Prepared*> Statements::of(std::string_view sql) {
  if (const auto known = by_text_.find(sql); known != by_text_.end()) {
    kept_.splice(kept_.begin(), kept_, known->second);
    return &kept_.front();
  }
  Prepared fresh;
  fresh.sql = std::string(sql);
  sqlite3_stmt* statement = nullptr;
  const char* rest = nullptr;
  const int done = sqlite3_prepare_v3(connection_, fresh.sql.data(), static_cast<int>(fresh.sql.size()) + 1,
                                      SQLITE_PREPARE_PERSISTENT, &statement, &rest);
  fresh.statement.reset(statement);
  if (done != SQLITE_OK) {
    const std::string_view state = state_of(done, sqlite3_system_errno(connection_));
    return tl::make_unexpected(sql_error(state, way_out(state), sqlite3_errmsg(connection_)));
  }
  if (statement == nullptr || std::string_view(rest).find_first_not_of("; \t\r\n") != std::string_view::npos)
    return tl::make_unexpected(sql_error("42601", "exactly one SQL statement is wanted"));
  for (int i = 1; i <= sqlite3_bind_parameter_count(statement); ++i) {
    // To SQLite "$1" is a name like another, numbered by where it first stands.
    const char* name = sqlite3_bind_parameter_name(statement, i);
    const int which = name != nullptr && name[0] == '$' ? std::atoi(name + 1) : 0;
    if (which < 1) return tl::make_unexpected(sql_error("42601", "a parameter is written $1, $2 and so on"));
    fresh.values.push_back(which - 1);
    fresh.values_wanted = std::max(fresh.values_wanted, static_cast<std::size_t>(which));
  }
  kept_.push_front(std::move(fresh));
  by_text_.emplace(kept_.front().sql, kept_.begin());
  if (kept_.size() > kMost) {
    by_text_.erase(kept_.back().sql);
    kept_.pop_back();
  }
  return &kept_.front();
}

Handle::~Handle() {
  statements_.reset();  // before the connection that they belong to
}

Error Handle::error(std::string_view what) const {
  const std::string_view state = state_of(sqlite3_extended_errcode(raw()), sqlite3_system_errno(raw()));
  return sql_error(state, way_out(state),
                   std::string(sqlite3_errmsg(raw())) + (what.empty() ? "" : " in ") + std::string(what));
}

template <typename T>
T Handle::noted(T result) {
  if (!result && !failure_) failure_ = result.error();
  return result;
}

Status Handle::run(const char* sql) {
  if (sqlite3_exec(raw(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    return tl::make_unexpected(error(sql));
  return {};
}

Result<std::string> Handle::text_of(const char* sql) {
  sqlite3_stmt* raw_statement = nullptr;
  if (sqlite3_prepare_v2(raw(), sql, -1, &raw_statement, nullptr) != SQLITE_OK)
    return tl::make_unexpected(error(sql));
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement(raw_statement, sqlite3_finalize);
  const int done = sqlite3_step(raw_statement);
  if (done == SQLITE_DONE) return std::string();
  if (done != SQLITE_ROW) return tl::make_unexpected(error(sql));
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(raw_statement, 0));
  return text == nullptr ? std::string() : std::string(text);
}

Status Handle::bind(Statements::Prepared& prepared, std::span<const Value> values) {
  if (values.size() != prepared.values_wanted) {
    return tl::make_unexpected(
        sql_error("07001", "the statement takes " + std::to_string(prepared.values_wanted) +
                               " values and was given " + std::to_string(values.size())));
  }
  if (Status fit = storable(values); !fit) return fit;
  sqlite3_stmt* statement = prepared.statement.get();
  // The values outlive the call, so nothing is copied.
  struct Binder {
    sqlite3_stmt* statement;
    int at;
    int operator()(std::monostate) const { return sqlite3_bind_null(statement, at); }
    int operator()(std::int64_t value) const { return sqlite3_bind_int64(statement, at, value); }
    int operator()(double value) const { return sqlite3_bind_double(statement, at, value); }
    int operator()(const std::string& value) const {
      return sqlite3_bind_text64(statement, at, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
    }
    int operator()(const Blob& value) const {
      return sqlite3_bind_blob64(statement, at, value.bytes.data(), value.bytes.size(), SQLITE_STATIC);
    }
  };
  for (std::size_t i = 0; i < prepared.values.size(); ++i) {
    const Value& value = values[static_cast<std::size_t>(prepared.values[i])];
    if (std::visit(Binder{statement, static_cast<int>(i) + 1}, value) != SQLITE_OK)
      return tl::make_unexpected(error(prepared.sql));
  }
  return {};
}

Status Handle::step_all(std::string_view sql, std::span<const Value> values, Rows* rows) {
  const Result<Statements::Prepared*> prepared = statements_->of(sql);
  if (!prepared) return tl::make_unexpected(prepared.error());
  sqlite3_stmt* statement = (*prepared)->statement.get();
  const InUse in_use(statement);
  if (Status bound = bind(**prepared, values); !bound) return bound;
  while (true) {
    const int done = sqlite3_step(statement);
    if (done == SQLITE_DONE) return {};
    if (done != SQLITE_ROW) return tl::make_unexpected(error(""));
    if (rows == nullptr) continue;
    Row& row = rows->emplace_back();
    const int columns = sqlite3_column_count(statement);
    row.reserve(static_cast<std::size_t>(columns));
    for (int i = 0; i < columns; ++i) row.push_back(value_at(statement, i));
  }
}

Result<Rows> Handle::query(std::string_view sql, std::span<const Value> values) {
  Rows rows;
  if (Status done = noted(step_all(sql, values, &rows)); !done) return tl::make_unexpected(done.error());
  return rows;
}

Result<std::int64_t> Handle::change(std::string_view sql, std::span<const Value> values) {
  const std::int64_t before = sqlite3_total_changes64(raw());
  if (Status done = noted(step_all(sql, values, nullptr)); !done) return tl::make_unexpected(done.error());
  // What is no INSERT, UPDATE or DELETE leaves the count of the one before it.
  return sqlite3_total_changes64(raw()) == before ? 0 : std::int64_t{sqlite3_changes64(raw())};
}

Status Handle::insert(std::string_view table, std::string_view columns, std::span<const Row> rows) {
  if (rows.empty()) return {};
  std::string sql = "INSERT INTO " + std::string(table) + " (" + std::string(columns) + ") VALUES (";
  for (std::size_t i = 1; i <= rows.front().size(); ++i) sql += (i > 1 ? ", $" : "$") + std::to_string(i);
  sql += ")";
  for (const Row& row : rows) {
    if (Status done = noted(step_all(sql, row, nullptr)); !done) return done;
  }
  return {};
}

bool Handle::owes_references() const {
  int owed = 0, highest = 0;
  return sqlite3_db_status(raw(), SQLITE_DBSTATUS_DEFERRED_FKS, &owed, &highest, 0) == SQLITE_OK && owed != 0;
}

Result<std::unique_ptr<Handle>> Handle::open(const std::filesystem::path& file, const Key& key,
                                             Access access) {
  std::unique_ptr<Handle> handle(new Handle);
  handle->file_ = file;
  // Once and by one thread: SQLite calls itself ready before SQLCipher has set itself up, and who opens
  // meanwhile finds no cipher.
  static const int ready = sqlite3_initialize();
  if (ready != SQLITE_OK) return failed("SQLite does not start", sqlite3_errstr(ready));
  sqlite3* connection = nullptr;
  const int done =
      sqlite3_open_v2(file.c_str(), &connection,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  handle->connection_.reset(connection);
  if (done != SQLITE_OK) {
    Error error = connection != nullptr ? handle->error("") : sql_error("53200", "out of memory");
    error.message = "cannot open " + file.string() + ": " + error.message;
    return tl::make_unexpected(std::move(error));
  }
  handle->statements_ = std::make_unique<Statements>(connection);
  sqlite3_busy_timeout(connection, kPatienceMs);
  if (Status given = give_key(connection, "main", key); !given) return tl::make_unexpected(given.error());
  const Result<std::string> cipher = handle->text_of("PRAGMA cipher_version");
  if (!cipher || cipher->empty())
    return failed("this build's SQLite does not encrypt, so " + file.string() + " is not opened");
  // The first page that is read tells whether the key fits.
  if (const Result<std::string> read = handle->text_of("SELECT count(*) FROM sqlite_master"); !read) {
    const std::string_view state = sqlstate_of(read.error());
    if (state != "XX001") return tl::make_unexpected(read.error());
    return bad_input(
        file.string() +
            " does not open with this key: give the key that it was made with, or bring back a backup "
            "if the file is damaged",
        read.error().context);
  }
  constexpr const char* kSettings =
      "PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON;"
      "PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF;"
      "PRAGMA cache_size = -8000; PRAGMA journal_size_limit = 67108864";
  if (Status set = handle->run(kSettings); !set) return tl::make_unexpected(set.error());
  if (access == Access::read) {
    if (Status set = handle->run("PRAGMA query_only = ON"); !set) return tl::make_unexpected(set.error());
  }
  return handle;
}

}  // namespace pyro::store::sqlite
