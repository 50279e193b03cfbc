// models: what is on this machine, and which version is used.
#include "models.hpp"

#include <algorithm>

namespace pyro::cli {

Result<registry::Catalogue> open_catalogue(const PlaceFlags& flags) {
  const Result<registry::Place> place = find_place(flags);
  if (!place) return tl::make_unexpected(place.error());
  return registry::Catalogue::open(*place);
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
