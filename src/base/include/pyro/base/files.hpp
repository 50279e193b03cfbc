// Files that are whole whatever happens: read and written at once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "pyro/base/result.hpp"

namespace pyro {

// What the system's `error` (an errno) means for "cannot <what> <path>", and the way out: disk full, no
// permission, no such folder. Code failed.
[[nodiscard]] tl::unexpected<Error> cannot(const std::string& what, const std::filesystem::path& path,
                                           int error);

// Errors (bad_input): missing, unreadable, longer than `most` bytes.
[[nodiscard]] Result<std::string> read_whole(const std::filesystem::path& path, std::uintmax_t most);

// A new file; when this returns its content is on the disk. What could not be written whole is removed.
[[nodiscard]] Status write_durably(const std::filesystem::path& path, std::string_view content);

// The file has its old or its new content, never a part: after a kill, or, at the price of waiting for the
// disk, after a power cut as well. Written beside it first, as <path>.part.
enum class Survives { kill, power_cut };
[[nodiscard]] Status replace_file(const std::filesystem::path& path, std::string_view content,
                                  Survives survives = Survives::kill);

// Makes the names in a folder durable.
[[nodiscard]] Status sync_folder(const std::filesystem::path& folder);

// A file's descriptor, closed at the end.
class Descriptor {
 public:
  // As open(2), closed on exec; get() is negative and errno set where that failed. `mode`: of a file that is
  // made.
  Descriptor(const std::filesystem::path& path, int flags, unsigned mode = 0644);
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();
  [[nodiscard]] int get() const { return value_; }
  [[nodiscard]] int release();  // it is the caller's now
  // All of it. 0, or errno.
  [[nodiscard]] int write_all(std::string_view content) const;
  // Onto the disk. 0, or errno.
  [[nodiscard]] int sync() const;

 private:
  int value_;
};

}  // namespace pyro
