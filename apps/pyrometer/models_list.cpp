// models list: every model, shipped or added, and which names mean it.
#include <cstdio>

#include "models.hpp"

namespace pyro::cli {
namespace {

int list(const ModelsFlags& flags) {
  const Result<registry::Catalogue> models = open_catalogue(flags.place);
  if (!models) return report(models.error(), flags.json);
  nlohmann::json lines = nlohmann::json::array();
  if (!flags.json)
    std::printf("%-24s %-8s %-8s %-16s %-14s %-12s %s\n", "name", "version", "from", "meant by", "licence",
                "sha256", "source");
  for (const infer::ModelEntry& entry : models->store.entries()) {
    if (flags.json) {
      lines.push_back(registry::to_json(*models, entry));
      continue;
    }
    const std::vector<std::string> names = models->names_of(entry);
    std::printf("%-24s %-8s %-8s %-16s %-14s %.12s %s\n", entry.name.c_str(), entry.version.c_str(),
                registry::name_of(entry.origin), names.empty() ? "-" : joined(names).c_str(),
                entry.licence.c_str(), entry.file.sha256.c_str(), entry.source.c_str());
  }
  for (const registry::Broken& broken : models->registry.broken()) {
    if (flags.json) {
      lines.push_back({{"reference", broken.reference}, {"origin", "added"}, {"error", broken.error.text()}});
    } else {
      std::printf("%-24s cannot be used: %s\n", broken.reference.c_str(), broken.error.text().c_str());
    }
  }
  if (flags.json) std::printf("%s\n", lines.dump().c_str());
  return 0;
}

}  // namespace

void add_models_list(CLI::App& models, Chosen& chosen) {
  CLI::App* verb = models.add_subcommand("list", "Every model, shipped or added, and which names mean it");
  auto flags = std::make_shared<ModelsFlags>();
  add_models_flags(*verb, *flags);
  verb->footer("Example: pyrometer models list --json");
  verb->callback([&chosen, flags] { chosen = [flags] { return list(*flags); }; });
}

}  // namespace pyro::cli
