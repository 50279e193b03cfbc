// The folder that a server works in: who may, its lock, its key, its database.
#pragma once

#include <memory>

#include "pyro/serve/service.hpp"
#include "pyro/store/database.hpp"

namespace pyro::serve {

[[nodiscard]] inline std::filesystem::path database_path(const ServiceSettings& settings) {
  return settings.data / "pyrometer.db";
}
[[nodiscard]] std::filesystem::path key_path(const ServiceSettings& settings);
// Where the key lies that is to take its place, while it is exchanged.
[[nodiscard]] inline std::filesystem::path next_key_path(const std::filesystem::path& key) {
  return key.string() + ".next";
}

// Made where there is none; closed to others.
[[nodiscard]] Status make_folder(const std::filesystem::path& folder);

// Only one server at a time works in a folder, with any number of workers beside it; and nobody while its key
// or database is exchanged.
class FolderLock {
 public:
  enum class Of : std::uint8_t { server, worker, all_workers };
  FolderLock() = default;
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();
  [[nodiscard]] Status take(const std::filesystem::path& folder, Of whose = Of::server);

 private:
  int file_ = -1;
};

enum class IfMissing : std::uint8_t { make, refuse };
// From PYROMETER_KEY, --key-file, systemd's credential or the folder. A database whose key is lost is never
// given a new one.
[[nodiscard]] Result<store::Key> master_key(const ServiceSettings& settings, IfMissing if_missing);
// Error (bad_input): not 64 hex digits.
[[nodiscard]] Result<store::Key> key_in(const std::filesystem::path& path);
[[nodiscard]] Status keep_key(const std::filesystem::path& path, const store::Key& key);

[[nodiscard]] Result<std::unique_ptr<store::Database>> open_database(const ServiceSettings& settings,
                                                                     const store::Key& key);

}  // namespace pyro::serve
