// models show: everything that is known about one model.
#include <cstdio>

#include "models.hpp"

namespace pyro::cli {
namespace {

struct ShowFlags {
  ModelsFlags models;
  std::string name;
};

// "training.epochs  45" for everything below.
void print(const registry::Json& node, const std::string& path) {
  if (node.is_object()) {
    const std::string prefix = path.empty() ? path : path + ".";
    for (const auto& [key, value] : node.items()) print(value, prefix + key);
  } else {
    const std::string text = node.is_string() ? node.get<std::string>() : node.dump();
    std::printf("%-36s %s\n", path.c_str(), text.c_str());
  }
}

int show(const ShowFlags& flags) {
  const bool json = flags.models.json;
  const Result<registry::Catalogue> models = open_catalogue(flags.models.place);
  if (!models) return report(models.error(), json);
  const Result<const infer::ModelEntry*> entry = models->find(flags.name);
  if (!entry) return report(entry.error(), json);
  Result<registry::Json> record = registry::record_of(models->place, **entry);
  if (!record) return report(record.error(), json);
  const std::vector<std::string> names = models->names_of(**entry);
  (*record)["origin"] = registry::name_of((*entry)->origin);
  (*record)["folder"] = models->store.path_of((*entry)->file, (*entry)->origin).parent_path().string();
  (*record)["meant_by"] = names;
  (*record)["history"] = models->history_of(**entry);
  if (json) {
    std::printf("%s\n", record->dump().c_str());
  } else {
    print(*record, "");
  }
  return 0;
}

}  // namespace

void add_models_show(CLI::App& models, Chosen& chosen) {
  CLI::App* verb = models.add_subcommand("show", "Everything that is known about one model");
  auto flags = std::make_shared<ShowFlags>();
  verb->add_option("model", flags->name, "Name, or name@version")->required();
  add_models_flags(*verb, flags->models);
  verb->footer("Example: pyrometer models show expression@1.0.0");
  verb->callback([&chosen, flags] { chosen = [flags] { return show(*flags); }; });
}

}  // namespace pyro::cli
