// The verbs below `models`, a file each, and what they share.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli.hpp"
#include "pyro/registry/catalogue.hpp"

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

[[nodiscard]] Result<registry::Catalogue> open_catalogue(const PlaceFlags& flags);
[[nodiscard]] std::string joined(const std::vector<std::string>& words);

}  // namespace pyro::cli
