// A file that grows by whole records, so that what was written can be read whatever happens next.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "pyro/base/result.hpp"

namespace pyro::report {

// Every write() hands one record (a line, a frame's lines, a row group) to the system before it returns: a
// process that is killed loses nothing of it. A record that does not fit (disk full) is taken back as a
// whole.
class OutputFile {
 public:
  // Creates the file or empties it. Errors (failed): not allowed, no such folder, another process is writing
  // it.
  static Result<OutputFile> create(const std::filesystem::path& path);
  ~OutputFile();
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&& other) noexcept;

  Status write(std::string_view record);
  // Reports what the system only tells at the end (network folders). Without it the destructor closes
  // silently.
  Status close();
  [[nodiscard]] std::int64_t bytes() const { return bytes_; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  OutputFile(std::filesystem::path path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

  std::filesystem::path path_;
  int descriptor_ = -1;
  std::int64_t bytes_ = 0;
};

}  // namespace pyro::report
