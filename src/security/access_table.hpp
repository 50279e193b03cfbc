// The table behind access.hpp.
#pragma once

#include <array>
#include <optional>
#include <span>

#include "pyro/security/access.hpp"

namespace pyro::security {

// What of expressions an action gives or takes, for sites where none may be computed.
enum class Figures : std::uint8_t {
  none,  // nothing that is new: texts, answers, the record; also all that there is on a person, which stays
         // theirs to take or erase if it comes from a time in another mode
  some,  // expressions beside other things, which then are left alone: survey_only
  all,   // makes no sense without them, so it is not there
};

struct ActionFacts {
  Action action;
  std::string_view name;            // resource.verb
  std::optional<TokenScope> token;  // that a token needs for it; none: only who logged in may
  Figures figures = Figures::none;
};
[[nodiscard]] const ActionFacts& facts_of(Action action);
[[nodiscard]] std::span<const ActionFacts> all_actions();

// One line of the table: this role may do this to whom it stands in this relation to (none: about nobody), in
// these modes, while all of these consents are in force.
struct Grant {
  Role role;
  Action action;
  Relation relation;
  Modes modes;
  Scopes consents;
  View view;
};
[[nodiscard]] std::span<const Grant> all_grants();

}  // namespace pyro::security
