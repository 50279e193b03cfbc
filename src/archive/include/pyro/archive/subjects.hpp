// Who stands how to whom, and what a person has agreed to: what the store knows that a decision needs.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pyro/archive/rows.hpp"
#include "pyro/security/access.hpp"

namespace pyro::archive {

[[nodiscard]] Result<std::vector<security::Consent>> consents_of(store::Connection& in,
                                                                 std::string_view person);

// Of all who belong to a team and agreed to anything, by person; never of the demo's in a team that is none.
[[nodiscard]] Result<std::map<std::string, std::vector<security::Consent>>> consents_of_team(
    store::Connection& in, const std::string& team);

struct KnownSubject {
  std::string person;
  security::Relation relation = security::Relation::none;
  std::vector<security::Consent> consents;
  bool research_approved = false;

  // Valid as long as this is.
  [[nodiscard]] security::Subject subject() const { return {person, relation, consents, research_approved}; }
};
// Of a person who may not exist: then the relation is none, as it is to anybody else's.
[[nodiscard]] Result<KnownSubject> subject_of(store::Connection& in, const security::Actor& actor,
                                              std::string_view person);

// Of everybody to whom the actor stands in a relation, in the order of their ids: few questions for thousands
// of people.
[[nodiscard]] Result<std::vector<KnownSubject>> subjects_of(store::Connection& in,
                                                            const security::Actor& actor);

// Whether an account leads this row of "team", or a team of this row of "organisation".
[[nodiscard]] Result<bool> leads(store::Connection& in, const std::string& account, std::string_view table,
                                 const std::string& id);

// Which people an actor stands in any relation to, as a condition on `column` ("session.person") with one
// value for its placeholder "$"; whether a row may be seen is decided for each of them besides.
struct Reach {
  std::string condition;
  std::optional<store::Value> value;
};
[[nodiscard]] Reach reach_of(const security::Actor& actor, std::string_view column);

}  // namespace pyro::archive
