#include "pyro/base/paths.hpp"

#include <cstdlib>

namespace pyro {

namespace fs = std::filesystem;

namespace {

fs::path given_or_variable(const fs::path& given, const char* variable) {
  if (!given.empty()) return given;
  const char* value = std::getenv(variable);
  return value != nullptr ? value : "";
}

// The nearest folder above the program that holds the shipped models; empty: there is none.
fs::path root_of_program() {
  std::error_code ignored;
  for (fs::path folder = fs::read_symlink("/proc/self/exe", ignored).parent_path(); !folder.empty();
       folder = folder.parent_path()) {
    for (const fs::path& root : {folder, folder / "share" / "pyrometer"}) {
      if (fs::exists(root / "models" / "manifest.toml", ignored)) return root;
    }
    if (folder == folder.root_path()) break;
  }
  return {};
}

}  // namespace

Result<Paths> find_paths(const fs::path& models, const fs::path& registry) {
  Paths paths{given_or_variable(models, "PYROMETER_MODELS"), given_or_variable({}, "PYROMETER_HOME"),
              given_or_variable(registry, "PYROMETER_REGISTRY")};
  const bool named = !paths.models.empty();
  const fs::path root = root_of_program();
  if (!named && root.empty())
    return failed(
        "the models are not beside the program: start it by ./run, or name their folder by --models or "
        "PYROMETER_MODELS");
  if (!named) paths.models = root / "models";
  if (paths.home.empty()) paths.home = (root.empty() ? paths.models : root) / ".pyrometer";
  if (paths.registry.empty() && !named) paths.registry = paths.home.string() + "-registry";
  return paths;
}

}  // namespace pyro
