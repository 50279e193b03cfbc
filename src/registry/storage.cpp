#include "storage.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <thread>
#include <utility>

namespace pyro::registry {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kLongestWait{60};
constexpr std::chrono::milliseconds kBetweenTries{20};

// A file's descriptor, closed at the end.
class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags) : value_(::open(path.c_str(), flags | O_CLOEXEC, 0644)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  [[nodiscard]] int get() const { return value_; }
  [[nodiscard]] int release() { return std::exchange(value_, -1); }

 private:
  int value_;
};

// 0, or errno.
int write_all(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(descriptor) == 0 ? 0 : errno;
}

}  // namespace

tl::unexpected<Error> cannot(const std::string& what, const fs::path& path, int error) {
  std::string todo = "check the disk, or choose another place with --registry or --out";
  if (error == ENOSPC || error == EDQUOT) {
    todo = "the disk is full; nothing was changed. Free space and do it again";
  } else if (error == EACCES || error == EPERM || error == EROFS) {
    todo = "no permission; choose a place that you may write to with --registry or --out";
  } else if (error == ENOENT || error == ENOTDIR) {
    todo = "its folder does not exist; create it, or choose another place with --registry or --out";
  } else if (error == EEXIST || error == ENOTEMPTY) {
    todo = "it is there already; choose another name or version";
  }
  return failed("cannot " + what + " " + path.string() + ": " + todo, std::strerror(error));
}

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

Status write_durably(const fs::path& path, std::string_view content) {
  const Descriptor file(path, O_WRONLY | O_CREAT | O_TRUNC);
  if (file.get() < 0) return cannot("create", path, errno);
  if (const int error = write_all(file.get(), content); error != 0) {
    ::unlink(path.c_str());
    return cannot("write", path, error);
  }
  return {};
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
  int error = write_all(file.get(), std::string(line) + "\n");
  if (error == 0) return sync_folder(path.parent_path());
  if (::ftruncate(file.get(), end) != 0) error = errno;
  return cannot("write", path, error);
}

Status sync_folder(const fs::path& folder) {
  const Descriptor handle(folder, O_RDONLY | O_DIRECTORY);
  if (handle.get() < 0 || ::fsync(handle.get()) != 0) return cannot("write", folder, errno);
  return {};
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

Result<std::string> read_whole(const fs::path& path, std::uintmax_t most) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(path, error);
  if (error)
    return bad_input(path.string() + ": is missing or cannot be read; check its name", error.message());
  if (size > most)
    return bad_input(path.string() + ": has " + std::to_string(size) + " bytes, more than the " +
                     std::to_string(most) + " that such a file may have; is it the right one?");
  std::string content(size, '\0');
  std::ifstream stream(path, std::ios::binary);
  if (!stream.read(content.data(), static_cast<std::streamsize>(size)))
    return bad_input(path.string() + ": cannot be read; check the disk and its permissions");
  return content;
}

}  // namespace pyro::registry
