// Files that are whole after a kill or a power cut, and one writer at a time. Private to the room.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "pyro/base/result.hpp"

namespace pyro::registry {

// Errors (failed) say what to do: disk full, no permission, folder missing.
[[nodiscard]] tl::unexpected<Error> cannot(const std::string& what, const std::filesystem::path& path,
                                           int error);

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

// A new file; when this returns its content is on the disk. What could not be written whole is removed.
[[nodiscard]] Status write_durably(const std::filesystem::path& path, std::string_view content);
// Adds one line at the end, on the disk when this returns; a last line that a kill cut off is removed first,
// and so is this one where it does not fit.
[[nodiscard]] Status append_durably(const std::filesystem::path& path, std::string_view line);
// Makes the names in a folder durable.
[[nodiscard]] Status sync_folder(const std::filesystem::path& folder);
// `from` appears as `to`, which must not exist: as a whole or not at all.
[[nodiscard]] Status publish(const std::filesystem::path& from, const std::filesystem::path& to);

// Errors (bad_input): missing, unreadable, longer than `most` bytes.
[[nodiscard]] Result<std::string> read_whole(const std::filesystem::path& path, std::uintmax_t most);

}  // namespace pyro::registry
