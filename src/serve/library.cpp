#include "library.hpp"

#include <fstream>

namespace pyro::serve {

Result<Library> load_library(const ServiceSettings& settings) {
  Library out;
  out.wording = settings.data / "surveys";
  if (!settings.surveys.empty()) {
    Result<std::vector<surveys::Instrument>> instruments = surveys::load_instruments(settings.surveys);
    if (!instruments) return tl::make_unexpected(instruments.error());
    out.instruments = std::move(*instruments);
  }
  if (!settings.alert_rules.empty()) {
    std::ifstream toml(settings.alert_rules, std::ios::binary);
    if (!toml)
      return bad_input("the rules for alerts, " + settings.alert_rules.string() + ", cannot be read");
    Result<trend::AlertRules> rules = trend::read_alert_rules(toml, settings.alert_rules.filename().string());
    if (!rules) return tl::make_unexpected(rules.error());
    out.alert_rules = std::move(*rules);
  }
  return out;
}

}  // namespace pyro::serve
