#include "pyro/registry/catalogue.hpp"

#include <algorithm>

namespace pyro::registry {

Result<Catalogue> Catalogue::open(const Place& place) {
  Result<Registry> registry = Registry::open(place.registry);
  if (!registry) return tl::make_unexpected(registry.error());
  Result<infer::ModelStore> store = open_store(place);
  if (!store) return tl::make_unexpected(store.error());
  return Catalogue{place, std::move(*registry), std::move(*store)};
}

std::vector<std::string> Catalogue::names_of(const infer::ModelEntry& entry) const {
  std::vector<std::string> names = registry.channels();
  for (const std::string& own : {entry.name, entry.as}) {
    if (!own.empty() && std::ranges::find(names, own) == names.end()) names.push_back(own);
  }
  std::erase_if(names, [&](const std::string& name) { return store.find(name) != &entry; });
  return names;
}

Result<const infer::ModelEntry*> Catalogue::find(const std::string& name) const {
  if (const infer::ModelEntry* entry = store.find(name)) return entry;
  const std::string meant = registry.current(name).value_or(name);
  for (const Broken& broken : registry.broken()) {
    if (broken.reference == meant) return tl::make_unexpected(broken.error);
  }
  return wrong_use("there is no model \"" + name +
                   "\", or no version of it is in use; `pyrometer models list` shows all");
}

Json Catalogue::history_of(const infer::ModelEntry& entry) const {
  const std::vector<std::string> names = names_of(entry);
  Json events = Json::array();
  for (const Event& event : registry.history()) {
    if (event.model == entry.reference() || std::ranges::find(names, event.channel) != names.end())
      events.push_back(
          {{"utc", event.utc}, {"event", event.event}, {"channel", event.channel}, {"model", event.model}});
  }
  return events;
}

nlohmann::json to_json(const Catalogue& catalogue, const infer::ModelEntry& entry) {
  nlohmann::json line{{"name", entry.name},
                      {"version", entry.version},
                      {"file", entry.file.path},
                      {"sha256", entry.file.sha256},
                      {"licence", entry.licence},
                      {"source", entry.source},
                      {"origin", name_of(entry.origin)},
                      {"meant_by", catalogue.names_of(entry)}};
  if (const Added* added = catalogue.registry.find(entry.reference())) {
    for (const char* key : {"created", "parent"}) {
      if (const std::string text = text_at(added->record, key); !text.empty()) line[key] = text;
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

}  // namespace pyro::registry
