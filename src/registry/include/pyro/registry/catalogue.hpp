// A place with what it holds: what list, show and verify tell of models, on the command line and the server.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "pyro/registry/registry.hpp"

namespace pyro::registry {

struct Catalogue {
  Place place;
  Registry registry;
  infer::ModelStore store;

  [[nodiscard]] static Result<Catalogue> open(const Place& place);
  // The names that mean this model at present ("expression"); none: only name@version does.
  [[nodiscard]] std::vector<std::string> names_of(const infer::ModelEntry& entry) const;
  // By name or name@version. Errors: there is none (wrong_use); it is there but its record cannot be used.
  [[nodiscard]] Result<const infer::ModelEntry*> find(const std::string& name) const;
  // What was done with this model, or with a name that means it.
  [[nodiscard]] Json history_of(const infer::ModelEntry& entry) const;
};

// One model as list and verify tell it.
[[nodiscard]] nlohmann::json to_json(const Catalogue& catalogue, const infer::ModelEntry& entry);
[[nodiscard]] const char* name_of(infer::Origin origin);

}  // namespace pyro::registry
