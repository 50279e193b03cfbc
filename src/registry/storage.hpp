// Files that are whole after a kill or a power cut, and one writer at a time. Private to the room.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "pyro/base/files.hpp"

namespace pyro::registry {

// The right to change a registry, held until its end: a kill lets it go as well.
class WriterLock {
 public:
  // Waits for another writer at most 60 s. Creates the folder. Errors (failed): not writable, still held.
  static Result<WriterLock> take(const std::filesystem::path& folder);
  WriterLock(WriterLock&& other) noexcept;
  WriterLock& operator=(WriterLock&&) = delete;
  ~WriterLock();

 private:
  explicit WriterLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

// Adds one line at the end, on the disk when this returns; a last line that a kill cut off is removed first,
// and so is this one where it does not fit.
[[nodiscard]] Status append_durably(const std::filesystem::path& path, std::string_view line);
// `from` appears as `to`, which must not exist: as a whole or not at all.
[[nodiscard]] Status publish(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace pyro::registry
