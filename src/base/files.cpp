#include "pyro/base/files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

namespace pyro {

namespace fs = std::filesystem;

tl::unexpected<Error> cannot(const std::string& what, const fs::path& path, int error) {
  std::string todo = "check the disk, or choose another place";
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      todo = "the disk is full; what was written before is kept. Free space or choose another place";
      break;
    case EACCES:
    case EPERM:
    case EROFS:
      todo = "no permission; choose a place that you may write to";
      break;
    case ENOENT:
    case ENOTDIR:
      todo = "its folder does not exist; create it or choose another place";
      break;
    case EEXIST:
    case ENOTEMPTY:
      todo = "it is there already; choose another name";
      break;
    case EWOULDBLOCK:
      todo = "another run is writing it; wait for that one or choose another place";
      break;
    default:
      break;
  }
  return failed("cannot " + what + " " + path.string() + ": " + todo, std::strerror(error));
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

namespace {

Status write_new(const fs::path& path, std::string_view content, Survives survives) {
  const Descriptor file(path, O_WRONLY | O_CREAT | O_TRUNC);
  if (file.get() < 0) return cannot("create", path, errno);
  int error = file.write_all(content);
  if (error == 0 && survives == Survives::power_cut) error = file.sync();
  if (error == 0) return {};
  ::unlink(path.c_str());
  return cannot("write", path, error);
}

}  // namespace

Status write_durably(const fs::path& path, std::string_view content) {
  return write_new(path, content, Survives::power_cut);
}

Status replace_file(const fs::path& path, std::string_view content, Survives survives) {
  const fs::path part = path.string() + ".part";
  if (Status written = write_new(part, content, survives); !written) return written;
  if (::rename(part.c_str(), path.c_str()) == 0) return {};
  const int error = errno;
  ::unlink(part.c_str());
  return cannot("replace", path, error);
}

Status sync_folder(const fs::path& folder) {
  const Descriptor handle(folder, O_RDONLY | O_DIRECTORY);
  if (handle.get() < 0 || handle.sync() != 0) return cannot("write", folder, errno);
  return {};
}

Descriptor::Descriptor(const fs::path& path, int flags, unsigned mode)
    : value_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}

Descriptor::~Descriptor() {
  if (value_ >= 0) ::close(value_);
}

int Descriptor::release() {
  return std::exchange(value_, -1);
}

int Descriptor::write_all(std::string_view content) const {
  while (!content.empty()) {
    const ssize_t written = ::write(value_, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

int Descriptor::sync() const {
  return ::fsync(value_) == 0 ? 0 : errno;
}

}  // namespace pyro
