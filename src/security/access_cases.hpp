// Made-up actors, sites and consents for the tests of access.
#pragma once

#include <string>
#include <vector>

#include "pyro/security/access.hpp"

namespace pyro::security {

inline const UtcTime kNoon{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2} + std::chrono::hours{12}};

inline std::vector<Consent> consents_to(Scopes scopes) {
  std::vector<Consent> list;
  if (scopes.empty()) return list;
  Consent consent;
  consent.id = "c1";
  consent.person = "p1";
  consent.scopes = scopes;
  consent.purpose = "check-ins";
  consent.from = kNoon - std::chrono::hours{24};
  consent.template_version = "1";
  list.push_back(consent);
  return list;
}

inline Actor actor_of(Role role) {
  Actor actor;
  actor.user = "u1";
  actor.role = role;
  if (role == Role::participant || role == Role::device) actor.person = "p1";
  return actor;
}

inline Site site_of(Mode mode) {
  Site site;
  site.mode = mode;
  return site;
}

inline constexpr Scopes kAllScopes = Scopes::of_bits((1U << kScopes) - 1);

// One cell of the matrix, with the consents in force that are named; the relation none goes without a
// subject.
inline Decision at(Role role, Action action, Relation relation, Scopes scopes, Mode mode) {
  const std::vector<Consent> consents = consents_to(scopes);
  const Subject subject{relation == Relation::leads ? "" : "p1", relation, consents, true};
  return decide(actor_of(role), action, relation == Relation::none ? nullptr : &subject, site_of(mode),
                kNoon);
}

}  // namespace pyro::security
