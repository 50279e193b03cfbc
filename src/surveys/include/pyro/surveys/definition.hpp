// A definition that somebody is still writing: what is wrong with it, place by place, and how one is written.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pyro/surveys/instrument.hpp"

namespace pyro::surveys {

// Whose wording a definition may hold: a shipped one only our own; a site's also what it has a licence for.
enum class Home { shipped, site };

struct Fault {
  std::string at;                    // a JSON pointer: "/scales/0/title"
  std::string rule;                  // which rule it breaks, for programs: "empty", "cutoffs-rise"
  std::string is;                    // "scale \"total\": its cut-offs do not rise …"
  std::optional<double> value = {};  // the number that the sentence turns on: an item, a limit
  std::string context = {};          // what a library says of it
};

struct Definition {
  std::vector<Fault> faults;  // of the schema first; none: it is good
  // What it says as far as it can be read; answers can be scored by it where only texts and lists are empty.
  std::optional<Instrument> instrument;

  [[nodiscard]] bool can_score() const;
};

// Error (failed): the schema itself cannot be used.
[[nodiscard]] Result<Definition> check_definition(const nlohmann::json& document,
                                                  const nlohmann::json& schema, Home home);

// A document that was checked before. Error (failed): it was not.
[[nodiscard]] Result<Instrument> read_definition(const nlohmann::json& document);

// The document that says this instrument; check_definition reads it back.
[[nodiscard]] nlohmann::json definition_of(const Instrument& instrument);

// Whether a score of this scale means the same in both: equal items, of which the same are turned, counted
// alike. Wording and cut-offs may differ.
[[nodiscard]] bool counts_alike(const Instrument& one, const Instrument& other, std::string_view scale);

}  // namespace pyro::surveys
