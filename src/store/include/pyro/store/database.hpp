// A database behind a port: SQL text with $1, $2, … that SQLite (encrypted, SQLCipher) and PostgreSQL both
// take.
//
// Types of columns, and so of values: BIGINT (whole numbers, booleans as 0 and 1, times as microseconds since
// 1970 UTC), DOUBLE PRECISION, TEXT, UUID (a Value holds its 36 characters, lower case), BYTEA.
//
// Thread-safe: any number of threads may read and write at once. Reads see one snapshot. A write is one
// transaction: when it returns without an error it is on the disk (synchronous commit), and when it returns
// an error nothing of it is.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pyro/base/result.hpp"

namespace pyro::store {

struct Blob {
  std::string bytes;
  friend bool operator==(const Blob&, const Blob&) = default;
};
using Value = std::variant<std::monostate, std::int64_t, double, std::string, Blob>;  // monostate: NULL
using Row = std::vector<Value>;  // in the order in which the statement names its columns
using Rows = std::vector<Row>;

// One transaction's view; valid only during the call that it was handed to, in that call's thread.
class Connection {
 public:
  virtual ~Connection() = default;
  [[nodiscard]] virtual Result<Rows> query(std::string_view sql, std::span<const Value> values) = 0;
  // Rows changed.
  [[nodiscard]] virtual Result<std::int64_t> change(std::string_view sql, std::span<const Value> values) = 0;
  // Many rows at once, the fastest way there is (prepared inserts; COPY). `columns`: comma-separated.
  [[nodiscard]] virtual Status insert(std::string_view table, std::string_view columns,
                                      std::span<const Row> rows) = 0;

  template <typename... Values>
  [[nodiscard]] Result<Rows> query(std::string_view sql, const Values&... values) {
    const std::vector<Value> list{Value(values)...};
    return query(sql, std::span<const Value>(list));
  }
  template <typename... Values>
  [[nodiscard]] Result<std::int64_t> change(std::string_view sql, const Values&... values) {
    const std::vector<Value> list{Value(values)...};
    return change(sql, std::span<const Value>(list));
  }
};

// May run again from its start where the database asks for that (serialization failures, a connection lost
// before the commit was sent), so it must not act outside. An error that it returns rolls back and comes out
// unchanged. A statement that failed rolls back as well, also where the work passes over it: a server has
// ended the transaction then. It may run in another thread than its caller's.
using Work = std::function<Status(Connection&)>;

// What went wrong inside the database, from Error.context, which begins "SQLSTATE xxxxx".
enum class Fault : std::uint8_t {
  none,         // not the database's: the work's own error
  conflict,     // a row with this key exists (23505)
  missing,      // a row that is referred to does not exist (23503)
  refused,      // another constraint (23xxx)
  unavailable,  // the database cannot be reached, is locked for too long or its disk is full; trying again
                // later may help
  unknown,      // the outcome of a commit is not known: the connection broke while it was under way
  broken,       // anything else: a fault in our SQL, a damaged file
};
[[nodiscard]] Fault fault_of(const Error& error);

class Database {
 public:
  virtual ~Database() = default;
  [[nodiscard]] virtual Status read(const Work& work) = 0;
  [[nodiscard]] virtual Status write(const Work& work) = 0;
  // "sqlite" or "postgresql", with version, for humans.
  [[nodiscard]] virtual std::string describe() const = 0;
};

// 32 bytes. Wiped when it goes away; never printed.
class Key {
 public:
  static constexpr std::size_t kBytes = 32;
  [[nodiscard]] static Key random();
  // 64 hex digits, whitespace around them passed over. Error (bad_input) says how such a key is made.
  [[nodiscard]] static Result<Key> of_hex(std::string_view text);
  ~Key();
  Key(const Key&);
  Key& operator=(const Key&);
  [[nodiscard]] std::string hex() const;  // whoever asks for it wipes it
  [[nodiscard]] std::span<const unsigned char, kBytes> bytes() const { return bytes_; }

 private:
  Key() = default;
  std::array<unsigned char, kBytes> bytes_{};
};

// Opens or creates the file. Every page is encrypted (SQLCipher 4: AES-256-CBC, HMAC-SHA512) under `key`;
// WAL, synchronous=FULL. Writes that wait for each other share one commit. Errors: bad_input where the key
// does not fit the file, or it is no such file or a newer program's; failed where this build's SQLite does
// not encrypt (it then refuses to open anything).
[[nodiscard]] Result<std::unique_ptr<Database>> open_sqlite(const std::filesystem::path& file,
                                                            const Key& key);

// `address`: a libpq connection string or URI; its password never appears in errors.
[[nodiscard]] Result<std::unique_ptr<Database>> open_postgresql(const std::string& address,
                                                                int connections = 8);

// A copy of an SQLite database as of one moment, while it is in use, encrypted under `key` (the same or
// another).
[[nodiscard]] Status backup_sqlite(Database& database, const std::filesystem::path& to, const Key& key);
// Encrypts the file anew under `key`; nobody else may have it open. A kill in the middle leaves it under one
// of both keys.
[[nodiscard]] Status rekey_sqlite(const std::filesystem::path& file, const Key& from, const Key& key);
// Every page's authenticity and every index; an empty list means whole.
[[nodiscard]] Result<std::vector<std::string>> check(Database& database);

}  // namespace pyro::store
