// Any bytes as an archive: unpacked into its folder within the limits, or refused; nothing beside the folder.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "pyro/jobs/unpack.hpp"

namespace {

namespace fs = std::filesystem;

const fs::path& place() {
  static const fs::path made = [] {
    std::string name = (fs::temp_directory_path() / "pyro-unpack-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) std::abort();
    return fs::path(name);
  }();
  return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fs::path file = place() / "archive", folder = place() / "folder";
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  pyro::jobs::UnpackLimits limits;
  limits.bytes = 1 << 20;
  limits.entries = 40;
  limits.ratio_from = 1 << 18;
  const auto unpacked = pyro::jobs::unpack(file, folder, limits);
  std::int64_t files = 0, bytes = 0;
  std::error_code ignored;
  for (const auto& one : fs::recursive_directory_iterator(folder, ignored)) {
    if (one.is_symlink() || one.is_other()) std::abort();
    if (!one.is_regular_file()) continue;
    ++files;
    bytes += static_cast<std::int64_t>(one.file_size());
  }
  if (unpacked && (files != unpacked->pictures + unpacked->videos || bytes > limits.bytes)) std::abort();
  fs::remove_all(folder, ignored);
  fs::remove(file, ignored);
  if (!fs::is_empty(place())) std::abort();
  return 0;
}
