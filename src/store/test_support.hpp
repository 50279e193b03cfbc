// What this room's tests share: a folder that goes away, and databases of both kinds.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>

#include "pyro/store/database.hpp"
#include "pyro/store/testing/postgres.hpp"

namespace pyro::store {

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "pyro-store-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

inline void put_bytes(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

// One cluster for all tests of a process; null where PostgreSQL is not installed.
inline testing::PostgresCluster* cluster() {
  static const std::unique_ptr<testing::PostgresCluster> one = testing::PostgresCluster::start_new();
  return one.get();
}

// A message for the assertion that fails.
template <typename T>
std::string why(const Result<T>& result) {
  return result ? "" : result.error().text();
}

inline Status ran(const Result<std::int64_t>& result) {
  if (!result) return tl::make_unexpected(result.error());
  return {};
}

inline std::int64_t number(Database& database, const std::string& sql) {
  std::int64_t value = -1;
  const Status done = database.read([&](Connection& connection) -> Status {
    const Result<Rows> rows = connection.query(sql);
    if (!rows) return tl::make_unexpected(rows.error());
    value = std::get<std::int64_t>(rows->at(0).at(0));
    return {};
  });
  EXPECT_TRUE(done) << why(done);
  return value;
}

inline Status change(Database& database, const std::string& sql, const std::vector<Value>& values = {}) {
  return database.write(
      [&](Connection& connection) { return ran(connection.change(sql, std::span(values))); });
}

// In a child of its own; its exit status, or minus the signal that ended it.
inline int in_child(const std::function<int()>& body) {
  const pid_t child = fork();
  if (child == 0) _exit(body());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace pyro::store
