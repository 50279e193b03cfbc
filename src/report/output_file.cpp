#include "pyro/report/output_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "pyro/base/files.hpp"

namespace pyro::report {
Result<OutputFile> OutputFile::create(const std::filesystem::path& path) {
  // Not emptied before the lock is ours: another run's rows may be in it.
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) return cannot("create", path, errno);
  OutputFile file{path, descriptor};
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    return cannot("write", path, errno);
  // Devices and pipes have no length to cut.
  if (::ftruncate(descriptor, 0) != 0 && errno != EINVAL) return cannot("write", path, errno);
  return file;
}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      bytes_(other.bytes_) {}

OutputFile& OutputFile::operator=(OutputFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

Status OutputFile::write(std::string_view record) {
  std::string_view left = record;
  while (!left.empty()) {
    const ssize_t written = ::write(descriptor_, left.data(), left.size());
    if (written < 0) {
      const int error = errno;
      if (error == EINTR) continue;
      if (left.size() < record.size() && ::ftruncate(descriptor_, bytes_) == 0)
        ::lseek(descriptor_, bytes_, SEEK_SET);
      return cannot("write", path_, error);
    }
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  bytes_ += static_cast<std::int64_t>(record.size());
  return {};
}

Status OutputFile::close() {
  const int descriptor = std::exchange(descriptor_, -1);
  if (descriptor >= 0 && ::close(descriptor) != 0 && errno != EINTR) return cannot("finish", path_, errno);
  return {};
}

}  // namespace pyro::report
