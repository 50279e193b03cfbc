// The verbs below `models`, a file each, and what they share.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli.hpp"

namespace pyro::cli {

void add_models_list(CLI::App& models, Chosen& chosen);
void add_models_show(CLI::App& models, Chosen& chosen);
void add_models_add(CLI::App& models, Chosen& chosen);
void add_models_selftest(CLI::App& models, Chosen& chosen);
void add_models_promote(CLI::App& models, Chosen& chosen);  // and rollback
void add_models_verify(CLI::App& models, Chosen& chosen);
void add_models_card(CLI::App& models, Chosen& chosen);

// What every verb below `models` takes.
struct ModelsFlags {
  PlaceFlags place;
  bool json = false;
};
void add_models_flags(CLI::App& verb, ModelsFlags& flags);

// A place with what it holds.
struct Models {
  registry::Place place;
  registry::Registry registry;
  infer::ModelStore store;

  [[nodiscard]] static Result<Models> open(const PlaceFlags& flags);
  // The names that mean this model at present ("expression"); none: only name@version does.
  [[nodiscard]] std::vector<std::string> names_of(const infer::ModelEntry& entry) const;
  // By name or name@version. Errors: there is none; it is there but its record cannot be used.
  [[nodiscard]] Result<const infer::ModelEntry*> find(const std::string& name) const;
};

// One model as list and verify tell it.
[[nodiscard]] nlohmann::json to_json(const Models& models, const infer::ModelEntry& entry);
[[nodiscard]] const char* name_of(infer::Origin origin);
[[nodiscard]] std::string joined(const std::vector<std::string>& words);

}  // namespace pyro::cli
