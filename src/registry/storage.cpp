#include "storage.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

namespace pyro::registry {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kLongestWait{60};
constexpr std::chrono::milliseconds kBetweenTries{20};

}  // namespace

Result<WriterLock> WriterLock::take(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return cannot("create", folder, error.value());
  Descriptor file(folder / "lock", O_RDWR | O_CREAT);
  if (file.get() < 0) return cannot("lock", folder, errno);
  const auto began = std::chrono::steady_clock::now();
  while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return cannot("lock", folder, errno);
    if (std::chrono::steady_clock::now() - began > kLongestWait)
      return failed("the registry " + folder.string() +
                    " has been held by another process for a minute; wait for it, then again");
    std::this_thread::sleep_for(kBetweenTries);
  }
  return WriterLock(file.release());
}

WriterLock::WriterLock(WriterLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
WriterLock::~WriterLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Status append_durably(const fs::path& path, std::string_view line) {
  const Descriptor file(path, O_RDWR | O_CREAT);
  if (file.get() < 0) return cannot("open", path, errno);
  // Back over a line without its end.
  off_t end = ::lseek(file.get(), 0, SEEK_END);
  for (char last = 0; end > 0; --end) {
    if (::pread(file.get(), &last, 1, end - 1) != 1) return cannot("read", path, errno);
    if (last == '\n') break;
  }
  if (::ftruncate(file.get(), end) != 0 || ::lseek(file.get(), end, SEEK_SET) < 0)
    return cannot("write", path, errno);
  int error = file.write_all(std::string(line) + "\n");
  if (error == 0) error = file.sync();
  if (error == 0) return sync_folder(path.parent_path());
  if (::ftruncate(file.get(), end) != 0) error = errno;
  return cannot("write", path, error);
}

Status publish(const fs::path& from, const fs::path& to) {
  if (Status synced = sync_folder(from); !synced) return synced;
  std::error_code error;
  fs::create_directories(to.parent_path(), error);
  if (error) return cannot("create", to.parent_path(), error.value());
  // Over a folder with something in it this fails.
  if (::rename(from.c_str(), to.c_str()) != 0) return cannot("create", to, errno);
  if (Status synced = sync_folder(to.parent_path()); !synced) return synced;
  return sync_folder(to.parent_path().parent_path());  // the folder itself may be new
}

}  // namespace pyro::registry
