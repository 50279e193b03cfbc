#include "pyro/serve/data_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "pyro/base/files.hpp"

namespace pyro::serve {

std::filesystem::path key_path(const ServiceSettings& settings) {
  if (!settings.key_file.empty()) return settings.key_file;
  // systemd hands secrets over as files that only this service can read (systemd.exec, LoadCredential).
  if (const char* credentials = std::getenv("CREDENTIALS_DIRECTORY")) {
    const auto path = std::filesystem::path{credentials} / "pyrometer-key";
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored)) return path;
  }
  return settings.data / "key";
}

Status make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    return failed("the folder " + folder.string() + " cannot be made; choose another by --data",
                  error.message());
  // What lies in it is nobody else's business, whatever the umask.
  if (::chmod(folder.c_str(), 0700) != 0) return cannot("close to others the folder", folder, errno);
  return {};
}

FolderLock::~FolderLock() {
  if (file_ >= 0) ::close(file_);
}

Status FolderLock::take(const std::filesystem::path& folder, Of whose) {
  const std::filesystem::path path = folder / (whose == Of::server ? "lock" : "lock-of-workers");
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file_ < 0) return cannot("write", path, errno);
  if (::flock(file_, (whose == Of::worker ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0)
    return failed("another pyrometer works in " + folder.string() +
                  "; stop it first, or choose another folder by --data");
  return {};
}

Status keep_key(const std::filesystem::path& path, const store::Key& key) {
  const std::filesystem::path part = path.string() + ".part";
  std::error_code ignored;
  std::filesystem::remove(part, ignored);
  {
    const Descriptor file(part, O_WRONLY | O_CREAT | O_EXCL);
    if (file.get() < 0 || ::fchmod(file.get(), 0600) != 0) return cannot("write", part, errno);
    if (const int wrong = file.write_all(key.hex() + "\n"); wrong != 0) return cannot("write", part, wrong);
    if (const int wrong = file.sync(); wrong != 0) return cannot("write", part, wrong);
  }
  if (::rename(part.c_str(), path.c_str()) != 0) return cannot("write", path, errno);
  return sync_folder(path.parent_path());
}

Result<store::Key> key_in(const std::filesystem::path& path) {
  const Result<std::string> text = read_whole(path, 4096);
  if (!text) return tl::make_unexpected(text.error());
  auto key = store::Key::of_hex(*text);
  if (!key) return bad_input(path.string() + ": " + key.error().message);
  return key;
}

Result<store::Key> master_key(const ServiceSettings& settings, IfMissing if_missing) {
  if (const char* given = std::getenv("PYROMETER_KEY")) {
    auto key = store::Key::of_hex(given);
    if (!key) return bad_input("PYROMETER_KEY: " + key.error().message);
    return key;
  }
  const std::filesystem::path path = key_path(settings);
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    if (!settings.key_file.empty() || if_missing == IfMissing::refuse)
      return bad_input(path.string() + ": there is no such key file");
    if (std::filesystem::exists(database_path(settings), error))
      return bad_input(path.string() + " is missing, and " + database_path(settings).string() +
                       " cannot be read without it; put the key back");
    store::Key fresh = store::Key::random();
    if (Status kept = keep_key(path, fresh); !kept) return tl::make_unexpected(kept.error());
    return fresh;
  }
  struct stat facts {};
  if (settings.key_file.empty() && ::stat(path.c_str(), &facts) == 0 && (facts.st_mode & 077U) != 0)
    return bad_input(path.string() + " can be read by others; close it: chmod 600 " + path.string());
  return key_in(path);
}

Result<std::unique_ptr<store::Database>> open_database(const ServiceSettings& settings,
                                                       const store::Key& key) {
  if (!settings.database.empty()) return store::open_postgresql(settings.database);
  return store::open_sqlite(database_path(settings), key);
}

}  // namespace pyro::serve
