// A file that only its owner may read, and that is whole or not there.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string_view>

#include "pyro/base/files.hpp"

namespace pyro::security {

// <path>.part, readable by its owner alone, which takes its name when it is whole.
class PrivatePart {
 public:
  explicit PrivatePart(const std::filesystem::path& path)
      : path_(path),
        part_(without_old(path.string() + ".part")),
        file_(part_, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600),
        error_(file_.get() < 0 ? errno : 0) {}
  PrivatePart(const PrivatePart&) = delete;
  PrivatePart& operator=(const PrivatePart&) = delete;
  ~PrivatePart() {
    if (!done_ && file_.get() >= 0) ::unlink(part_.c_str());
  }

  Status write(std::string_view content) {
    if (error_ == 0) error_ = file_.write_all(content);
    if (error_ != 0) return cannot("write", path_, error_);
    return {};
  }
  Status finish() {
    if (error_ == 0) error_ = file_.sync();
    if (error_ == 0 && ::rename(part_.c_str(), path_.c_str()) != 0) error_ = errno;
    if (error_ != 0) return cannot("write", path_, error_);
    done_ = true;
    return sync_folder(path_.has_parent_path() ? path_.parent_path() : std::filesystem::path{"."});
  }

 private:
  // What a run that was killed left behind.
  static std::filesystem::path without_old(std::filesystem::path part) {
    ::unlink(part.c_str());
    return part;
  }

  std::filesystem::path path_, part_;
  Descriptor file_;
  int error_;
  bool done_ = false;
};

}  // namespace pyro::security
