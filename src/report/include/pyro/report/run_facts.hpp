// What an earlier run's session.json says of where its numbers come from.
#pragma once

#include <filesystem>
#include <string>

#include "pyro/base/result.hpp"
#include "pyro/score/settings.hpp"

namespace pyro::report {

struct RunFacts {
  std::string input;   // as the user named it then
  std::string models;  // "name version; name version"
  score::ScoreSettings score;
};

// Errors (bad_input): unreadable, not a session.json, settings that make no sense.
[[nodiscard]] Result<RunFacts> read_run_facts(const std::filesystem::path& session_json);

}  // namespace pyro::report
