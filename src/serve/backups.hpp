// Backups in a folder: made one at a time beside everything else, looked at when they are whole, listed,
// removed.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "pyro/serve/service.hpp"

namespace pyro::serve {

struct Backup {
  std::string name;                // "2026-01-31-120000.db", a file in the folder
  std::int64_t bytes = 0;          // with the results of jobs and the recordings that lie beside it
  UtcTime made{};                  // when the file was written
  std::optional<bool> verified{};  // none: it was not made here
};

class Backups {
 public:
  explicit Backups(ServiceSettings settings) : settings_(std::move(settings)) {}

  // The newest first.
  [[nodiscard]] Result<std::vector<Backup>> list() const;
  // Its name; it is made meanwhile. nullopt: one is being made already. Error: the folder cannot be made.
  [[nodiscard]] Result<std::optional<std::string>> begin(UtcTime now);
  [[nodiscard]] std::optional<std::string> running() const;
  [[nodiscard]] std::optional<std::string> last_error() const;  // of the last that was begun
  // False: there is none of this name, or it is being made.
  [[nodiscard]] Result<bool> remove(const std::string& name);
  // PostgreSQL has tools of its own.
  [[nodiscard]] bool possible() const { return settings_.database.empty(); }
  // Waits for what is being made: the database must outlive it.
  void stop();

 private:
  [[nodiscard]] std::filesystem::path folder() const;
  Status make(const std::string& name) const;

  const ServiceSettings settings_;
  mutable std::mutex mutex_;
  std::optional<std::string> running_, error_;
  std::jthread thread_;  // last: it uses all the others
};

}  // namespace pyro::serve
