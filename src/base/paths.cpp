#include "pyro/base/paths.hpp"

#include <cstdlib>

namespace pyro {

namespace fs = std::filesystem;

Result<Paths> find_paths() {
  const char* models = std::getenv("PYROMETER_MODELS");
  const char* home = std::getenv("PYROMETER_HOME");
  Paths paths{models != nullptr ? models : "", home != nullptr ? home : ""};
  std::error_code ignored;
  for (fs::path folder = fs::read_symlink("/proc/self/exe", ignored).parent_path(); !folder.empty();
       folder = folder.parent_path()) {
    for (const fs::path& root : {folder, folder / "share" / "pyrometer"}) {
      if (!fs::exists(root / "models" / "manifest.toml", ignored)) continue;
      if (paths.models.empty()) paths.models = root / "models";
      if (paths.home.empty()) paths.home = root / ".pyrometer";
      return paths;
    }
    if (folder == folder.root_path()) break;
  }
  if (!paths.models.empty() && !paths.home.empty()) return paths;
  return failed(
      "the models are not beside the program: start it by ./run, or set PYROMETER_MODELS and PYROMETER_HOME");
}

}  // namespace pyro
