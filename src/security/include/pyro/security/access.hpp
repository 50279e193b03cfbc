// THE one place that decides who may do what. A decision comes from role, relation, consent, the site's mode
// and the scopes of a token, over one table (access_table.cpp), of which docs/access.md is the printed form.
//
// - What no line of the table allows is denied.
// - Data belong to the participant: their own they read, export and erase; they give and withdraw consent.
// - An administrator runs the site and sees nothing of anybody; a lead sees groups, never a person; a
// researcher sees
//   pseudonyms of people who agreed; a device only delivers.
// - One account has one role: an administrator who is also a participant has two.
//
// A face's figures are under observations.*, trends.*, alerts.*, explanations.*, live.* and aggregates.*;
// sessions.read gives a session's frame alone (when, with whom, how long).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "pyro/base/time.hpp"
#include "pyro/security/consent.hpp"
#include "pyro/security/tokens.hpp"

namespace pyro::security {

enum class Role : std::uint8_t {
  administrator,
  clinician,
  researcher,
  organisation_lead,
  participant,
  device
};
inline constexpr std::size_t kRoles = 6;

// A site's mode with its legal basis (PRODUCT, "Who uses it").
enum class Mode : std::uint8_t { personal, clinical, research, fatigue_and_surveys };
inline constexpr std::size_t kModes = 4;
using Modes = EnumSet<Mode>;

enum class Action : std::uint8_t {
  account_read,
  account_write,
  users_read,
  users_write,
  tokens_read,  // one's own
  tokens_write,
  tokens_manage,  // others'
  organisations_read,
  organisations_write,
  groups_read,
  groups_write,
  memberships_read,  // to which teams a person belongs
  people_read,
  people_write,
  people_delete,  // erasure of all there is on a person
  people_export,
  consents_read,
  consents_write,
  templates_read,  // texts that people agree to
  templates_write,
  sessions_read,
  sessions_write,
  sessions_end,
  sessions_delete,
  sessions_export,
  live_stream,
  live_watch,
  cameras_read,
  cameras_write,
  cameras_stream,  // have this machine read one, into a session
  observations_read,
  observations_write,
  notes_read,
  notes_write,
  keywords_read,
  keywords_write,
  captures_read,
  captures_write,
  images_read,
  datasets_read,
  datasets_write,
  labels_write,
  jobs_read,
  jobs_write,
  models_read,
  models_write,
  surveys_read,  // definitions
  surveys_write,
  responses_read,
  responses_write,
  trends_read,
  aggregates_read,
  alerts_read,
  alerts_write,
  validations_read,
  validations_write,
  explanations_read,
  search_read,
  audit_read,
  site_read,
  site_write,
  backups_write,
  metrics_read,
};
inline constexpr std::size_t kActions = 63;

[[nodiscard]] std::string_view role_name(Role role);  // "organisation_lead"
[[nodiscard]] std::optional<Role> role_named(std::string_view name);
[[nodiscard]] std::string_view mode_name(Mode mode);  // "fatigue_and_surveys"
[[nodiscard]] std::optional<Mode> mode_named(std::string_view name);
[[nodiscard]] std::string_view action_name(Action action);  // "live.stream"
[[nodiscard]] std::optional<Action> action_named(std::string_view name);

// What the actor is to whom the action is about, as the store knows it.
enum class Relation : std::uint8_t {
  none,
  self,      // their own record
  chosen,    // the clinician whom the person chose
  assigned,  // a researcher of the study that the person takes part in
  device,    // the device of this session, or of this person
  leads,     // the organisation or group that the actor leads; there is no person then
};

struct Actor {
  std::string user;
  Role role = Role::participant;
  std::optional<std::string>
      person;          // whose record is the participant's own, or whom the device was given for
  bool token = false;  // came with a token, not by logging in
  TokenScopes scopes;  // of that token
};

struct Subject {
  std::string person;  // empty where the relation is leads
  Relation relation = Relation::none;
  std::span<const Consent> consents;  // the person's; another's among them do not count
  bool research_approved = false;     // the study's approval is in force
};

struct Site {
  Mode mode = Mode::personal;
  int k = 10;                         // people in a group that is shown; see group_guard.hpp
  bool leads_may_see_scores = false;  // by the site's declared legal basis
};

// What may be shown or kept.
enum class View : std::uint8_t {
  nothing,           // denied
  full,              // all that the action names
  pseudonymous,      // the same without name, address and free text, under the study's pseudonym
  survey_only,       // the same without anything that is derived from expressions: questionnaires and fatigue
  aggregate,         // groups of at least k people
  survey_aggregate,  // the same, of questionnaires and participation alone: nothing that a face gave
};
[[nodiscard]] std::string_view view_name(View view);

enum class Reason : std::uint8_t {
  allowed,
  role,      // this role never may, in no mode
  mode,      // the site's mode forbids it
  token,     // the token's scopes do not hold it, or it needs a login
  relation,  // not this person; also the answer where there is no such record
  approval,  // the study has none
  consent,   // the one that it needs is not in force
};

struct Decision {
  Reason reason = Reason::role;
  View view = View::nothing;
  Scopes missing;  // where the reason is consent: what is not in force

  [[nodiscard]] bool allowed() const { return reason == Reason::allowed; }
  // One plain sentence for who asked. It never says whether a record exists: one that does not and another
  // person's get the same words.
  [[nodiscard]] std::string sentence() const;
};

// `subject` is null where the action is about nobody: the site's own things, or something new. What is about
// a person is then denied, so a route that forgets the subject lets nothing out.
[[nodiscard]] Decision decide(const Actor& actor, Action action, const Subject* subject, const Site& site,
                              UtcTime now);

// Whether there could be a subject for which decide() allows it: for lists, whose rows are each decided upon,
// and for what a menu offers. Looks at role, token and mode alone.
[[nodiscard]] bool may_ever(const Actor& actor, Action action, const Site& site);

// False: no expression may be computed, by whomever for whomever.
[[nodiscard]] constexpr bool expressions_allowed(const Site& site) {
  return site.mode != Mode::fatigue_and_surveys;
}

// Whether the person is counted in figures of groups.
[[nodiscard]] bool counts_in_groups(std::span<const Consent> consents, UtcTime now);

// docs/access.md: the table as a matrix of roles and actions.
[[nodiscard]] std::string access_page();

}  // namespace pyro::security
