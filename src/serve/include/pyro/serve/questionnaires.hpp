// Questionnaires of this server: those that were shipped, and those that the site made and published.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "pyro/store/database.hpp"
#include "pyro/surveys/definition.hpp"

namespace pyro::serve {

struct Questionnaire {
  surveys::Instrument instrument;
  bool own = false;  // made here; its version is its edition
  bool open = true;  // false: not answered any more
};

using Shipped = std::span<const surveys::Instrument>;

// The newest edition that was published, or the one of that version. nullopt: there is none.
[[nodiscard]] Result<std::optional<Questionnaire>> find_questionnaire(store::Connection& in, Shipped shipped,
                                                                      const std::string& id,
                                                                      const std::string& version = {});
// The newest edition of each, the shipped ones first.
[[nodiscard]] Result<std::vector<Questionnaire>> questionnaires(store::Connection& in, Shipped shipped);

// Versions whose scores of this scale do not mean what the newest edition's mean: no line goes through both.
[[nodiscard]] Result<std::set<std::string>> counted_otherwise(store::Connection& in, const std::string& id,
                                                              const std::string& scale);

// What an edition's row says, as a definition's document.
[[nodiscard]] nlohmann::json document_of(const nlohmann::json& row);
[[nodiscard]] Result<surveys::Definition> check_edition(const nlohmann::json& row);

}  // namespace pyro::serve
