#include "pyro/security/access.hpp"

#include <algorithm>

#include "access_table.hpp"

namespace pyro::security {

namespace {

constexpr std::array<std::string_view, kRoles> kRoleNames = {"administrator",     "clinician",   "researcher",
                                                             "organisation_lead", "participant", "device"};
constexpr std::array<std::string_view, kModes> kModeNames = {"personal", "clinical", "research",
                                                             "fatigue_and_surveys"};
constexpr std::array<std::string_view, 6> kViewNames = {"nothing",     "full",      "pseudonymous",
                                                        "survey_only", "aggregate", "survey_aggregate"};

template <typename Enum, std::size_t N>
std::optional<Enum> enum_named(const std::array<std::string_view, N>& names, std::string_view name) {
  const auto* const found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

bool token_allows(const Actor& actor, Action action) {
  if (!actor.token) return true;
  const std::optional<TokenScope>& needed = facts_of(action).token;
  return needed && actor.scopes.has(*needed);
}

bool mode_allows(const Grant& grant, const Site& site) {
  return grant.modes.has(site.mode) &&
         (expressions_allowed(site) || facts_of(grant.action).figures != Figures::all);
}

// What the store says of the relation, held against what the login says: a mistake in one of the two must not
// open another person's record.
bool stands_in_relation(const Grant& grant, const Actor& actor, const Subject* subject) {
  if (subject == nullptr) return grant.relation == Relation::none;
  if (subject->relation != grant.relation) return false;
  switch (grant.relation) {
    case Relation::none:
      return false;  // about nobody, but somebody was named
    case Relation::self:
    case Relation::device:
      return !subject->person.empty() && actor.person == subject->person;
    case Relation::chosen:
    case Relation::assigned:
      return !subject->person.empty();
    case Relation::leads:
      return subject->person.empty();
  }
  return false;
}

Scopes missing_consents(Scopes needed, const Subject* subject, UtcTime now) {
  if (subject == nullptr) return needed;
  for (const Consent& consent : subject->consents) {
    if (consent.person == subject->person && in_force(consent, now))
      needed = Scopes::of_bits(needed.bits() & ~consent.scopes.bits());
  }
  return needed;
}

View view_under(const Grant& grant, const Site& site) {
  if (grant.view == View::aggregate)
    return site.leads_may_see_scores && expressions_allowed(site) ? View::aggregate : View::survey_aggregate;
  const bool fewer = facts_of(grant.action).figures == Figures::some && !expressions_allowed(site);
  return fewer && grant.relation != Relation::none ? View::survey_only : grant.view;
}

}  // namespace

std::string_view role_name(Role role) {
  return kRoleNames.at(static_cast<std::size_t>(role));
}
std::optional<Role> role_named(std::string_view name) {
  return enum_named<Role>(kRoleNames, name);
}
std::string_view mode_name(Mode mode) {
  return kModeNames.at(static_cast<std::size_t>(mode));
}
std::optional<Mode> mode_named(std::string_view name) {
  return enum_named<Mode>(kModeNames, name);
}
std::string_view view_name(View view) {
  return kViewNames.at(static_cast<std::size_t>(view));
}
std::string_view action_name(Action action) {
  return facts_of(action).name;
}
std::optional<Action> action_named(std::string_view name) {
  for (const ActionFacts& facts : all_actions()) {
    if (facts.name == name) return facts.action;
  }
  return std::nullopt;
}

Decision decide(const Actor& actor, Action action, const Subject* subject, const Site& site, UtcTime now) {
  // Of several lines that could allow it, the one that came furthest says why it is denied. The order below
  // is also the order of how little a reason gives away.
  Decision best;
  const auto denied = [&](Reason reason, Scopes missing = {}) {
    if (best.reason < reason) best = {reason, View::nothing, missing};
  };
  for (const Grant& grant : all_grants()) {
    if (grant.role != actor.role || grant.action != action) continue;
    if (!mode_allows(grant, site)) {
      denied(Reason::mode);
    } else if (!token_allows(actor, action)) {
      denied(Reason::token);
    } else if (!stands_in_relation(grant, actor, subject)) {
      denied(Reason::relation);
    } else if (grant.relation == Relation::assigned && !subject->research_approved) {
      denied(Reason::approval);
    } else if (const Scopes missing = missing_consents(grant.consents, subject, now); !missing.empty()) {
      denied(Reason::consent, missing);
    } else {
      return {Reason::allowed, view_under(grant, site), {}};
    }
  }
  return best;
}

bool may_ever(const Actor& actor, Action action, const Site& site) {
  return token_allows(actor, action) && std::ranges::any_of(all_grants(), [&](const Grant& grant) {
           return grant.role == actor.role && grant.action == action && mode_allows(grant, site);
         });
}

bool counts_in_groups(std::span<const Consent> consents, UtcTime now) {
  return covers(consents, Scope::group_aggregates, now);
}

std::string Decision::sentence() const {
  switch (reason) {
    case Reason::allowed:
      return "This is allowed.";
    case Reason::role:
      return "Your role does not include this.";
    case Reason::mode:
      return "The mode in which this site runs does not allow this.";
    case Reason::token:
      return "Your token does not include this; log in, or use a token with the scope that it needs.";
    case Reason::relation:
      return "There is nothing here that you may see.";
    case Reason::approval:
      return "The study's approval is not in force.";
    case Reason::consent:
      break;
  }
  std::string names;
  for (std::size_t i = 0; i < kScopes; ++i) {
    if (!missing.has(static_cast<Scope>(i))) continue;
    if (!names.empty()) names += " and ";
    names += scope_name(static_cast<Scope>(i));
  }
  return "The consent that this needs (" + names + ") is not in force.";
}

}  // namespace pyro::security
