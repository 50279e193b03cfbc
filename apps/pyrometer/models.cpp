// models: what is on this machine, and which version is used.
#include "models.hpp"

#include <algorithm>

namespace pyro::cli {

Result<Models> Models::open(const PlaceFlags& flags) {
  const Result<registry::Place> place = find_place(flags);
  if (!place) return tl::make_unexpected(place.error());
  Result<registry::Registry> registry = registry::Registry::open(place->registry);
  if (!registry) return tl::make_unexpected(registry.error());
  Result<infer::ModelStore> store = registry::open_store(*place);
  if (!store) return tl::make_unexpected(store.error());
  return Models{*place, std::move(*registry), std::move(*store)};
}

std::vector<std::string> Models::names_of(const infer::ModelEntry& entry) const {
  std::vector<std::string> names = registry.channels();
  for (const std::string& own : {entry.name, entry.as}) {
    if (!own.empty() && std::ranges::find(names, own) == names.end()) names.push_back(own);
  }
  std::erase_if(names, [&](const std::string& name) { return store.find(name) != &entry; });
  return names;
}

Result<const infer::ModelEntry*> Models::find(const std::string& name) const {
  if (const infer::ModelEntry* entry = store.find(name)) return entry;
  const std::string meant = registry.current(name).value_or(name);
  for (const registry::Broken& broken : registry.broken()) {
    if (broken.reference == meant) return tl::make_unexpected(broken.error);
  }
  return wrong_use("there is no model \"" + name +
                   "\", or no version of it is in use; `pyrometer models list` shows all");
}

nlohmann::json to_json(const Models& models, const infer::ModelEntry& entry) {
  nlohmann::json line{{"name", entry.name},
                      {"version", entry.version},
                      {"file", entry.file.path},
                      {"sha256", entry.file.sha256},
                      {"licence", entry.licence},
                      {"source", entry.source},
                      {"origin", name_of(entry.origin)},
                      {"meant_by", models.names_of(entry)}};
  if (const registry::Added* added = models.registry.find(entry.reference())) {
    for (const char* key : {"created", "parent"}) {
      if (const std::string text = registry::text_at(added->record, key); !text.empty()) line[key] = text;
    }
  }
  return line;
}

const char* name_of(infer::Origin origin) {
  switch (origin) {
    case infer::Origin::own:
      return "shipped";
    case infer::Origin::added:
      return "added";
    case infer::Origin::fetched:
      break;
  }
  return "fetched";
}

std::string joined(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : ", ") + word;
  return line;
}

void add_models_flags(CLI::App& verb, ModelsFlags& flags) {
  verb.add_flag("--json", flags.json, "One line of JSON");
  add_place_flags(verb, flags.place);
}

void add_models(CLI::App& app, Chosen& chosen) {
  CLI::App* verb = app.add_subcommand(
      "models", "Models and their versions: list, show, add, promote, roll back, verify, card");
  verb->require_subcommand(1);
  verb->footer("Example: pyrometer models list");
  add_models_list(*verb, chosen);
  add_models_show(*verb, chosen);
  add_models_add(*verb, chosen);
  add_models_selftest(*verb, chosen);
  add_models_promote(*verb, chosen);
  add_models_verify(*verb, chosen);
  add_models_card(*verb, chosen);
}

}  // namespace pyro::cli
