// What the server reads once from files beside the program: questionnaires, and the rules for alerts.
#pragma once

#include <filesystem>
#include <vector>

#include "pyro/serve/service.hpp"
#include "pyro/surveys/instrument.hpp"
#include "pyro/trend/alerts.hpp"

namespace pyro::serve {

struct Library {
  std::vector<surveys::Instrument> instruments;  // shipped ones; the site's own lie in the database
  std::filesystem::path wording;                 // where this site puts wording that it has a licence for
  trend::AlertRules alert_rules;                 // none: no alerts are made
};

// Errors: a definition or rule that is wrong, with its place.
[[nodiscard]] Result<Library> load_library(const ServiceSettings& settings);

}  // namespace pyro::serve
