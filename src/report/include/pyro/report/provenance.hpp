// Where a run's numbers come from: what session.json says besides the persons.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pyro/base/time.hpp"
#include "pyro/score/settings.hpp"

namespace pyro::report {

struct InputFacts {
  std::string name;                   // as the user gave it
  std::optional<std::int64_t> bytes;  // of a file
  std::optional<std::string> sha256;  // of a file, lower-case hexadecimal
  std::string codec, container;       // as the source tells; may be empty
  int width = 0, height = 0;          // px; 0 unknown
  double nominal_fps = 0;             // 0 unknown
  std::optional<Seconds> duration;    // as the container tells
  bool live = false;
};

struct ModelFacts {
  std::string name, version, sha256, licence;
};

struct Provenance {
  std::string software_version;
  UtcTime started{};
  InputFacts input;
  std::vector<ModelFacts> models;
  score::ScoreSettings score;
  // Every other setting that changes a number ("detector", "blazeface"); those that do not (threads) stay
  // out, so that the same hash means the same numbers.
  std::vector<std::pair<std::string, std::string>> settings;

  // score::settings_text, then ";key=value" for each of `settings`.
  [[nodiscard]] std::string settings_text() const;
  [[nodiscard]] std::string settings_hash() const;
  [[nodiscard]] std::string models_text() const;  // "name version; name version"
};

// How a run ended.
enum class RunState : std::uint8_t { running, finished, interrupted, failed };
[[nodiscard]] std::string_view name_of(RunState state);

}  // namespace pyro::report
