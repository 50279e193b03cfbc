// Any text as a manifest: must neither crash nor let a path leave its folder.
#include <cstdlib>
#include <filesystem>

#include "pyro/infer/manifest.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto entries = pyro::infer::parse_manifest({reinterpret_cast<const char*>(data), size}, "fuzz");
  if (!entries) return 0;
  for (const auto& entry : *entries) {
    const std::filesystem::path path(entry.file.path);
    if (path.is_absolute()) std::abort();
    for (const auto& part : path) {
      if (part == "..") std::abort();
    }
  }
  return 0;
}
