#include "access_table.hpp"

namespace pyro::security {

namespace {

using enum Action;
using enum Scope;

constexpr std::optional<TokenScope> kLogin = std::nullopt;  // no token may
constexpr Figures kSome = Figures::some;
constexpr Figures kAll = Figures::all;

constexpr std::array<ActionFacts, kActions> kActionFacts = {{
    {account_read, "account.read", TokenScope::read},
    {account_write, "account.write", kLogin},
    {users_read, "users.read", TokenScope::administer},
    {users_write, "users.write", kLogin},
    {tokens_read, "tokens.read", kLogin},
    {tokens_write, "tokens.write", kLogin},
    {tokens_manage, "tokens.manage", kLogin},
    {organisations_read, "organisations.read", TokenScope::read},
    {organisations_write, "organisations.write", TokenScope::administer},
    {groups_read, "groups.read", TokenScope::read},
    {groups_write, "groups.write", TokenScope::administer},
    {memberships_read, "memberships.read", TokenScope::read},
    {people_read, "people.read", TokenScope::read},
    {people_write, "people.write", TokenScope::write},
    {people_delete, "people.delete", kLogin},
    {people_export, "people.export", TokenScope::read},
    {consents_read, "consents.read", TokenScope::read},
    {consents_write, "consents.write", kLogin},
    {templates_read, "templates.read", TokenScope::read},
    {templates_write, "templates.write", kLogin},
    {sessions_read, "sessions.read", TokenScope::read},
    {sessions_write, "sessions.write", TokenScope::write},
    {sessions_end, "sessions.end", TokenScope::stream},
    {sessions_delete, "sessions.delete", kLogin},
    {sessions_export, "sessions.export", TokenScope::read, kSome},
    {live_stream, "live.stream", TokenScope::stream, kSome},
    {live_watch, "live.watch", TokenScope::stream, kSome},
    {cameras_read, "cameras.read", TokenScope::read},
    {cameras_write, "cameras.write", kLogin},
    {cameras_stream, "cameras.stream", TokenScope::stream, kSome},
    {observations_read, "observations.read", TokenScope::read, kSome},
    {observations_write, "observations.write", TokenScope::observations, kSome},
    {notes_read, "notes.read", TokenScope::read},
    {notes_write, "notes.write", TokenScope::write},
    {keywords_read, "keywords.read", TokenScope::read},
    {keywords_write, "keywords.write", TokenScope::write},
    {captures_read, "captures.read", TokenScope::read, kAll},
    {captures_write, "captures.write", TokenScope::write, kAll},
    {images_read, "images.read", TokenScope::read, kAll},
    {datasets_read, "datasets.read", TokenScope::batch, kAll},
    {datasets_write, "datasets.write", TokenScope::batch, kAll},
    {labels_write, "labels.write", TokenScope::write, kAll},
    {jobs_read, "jobs.read", TokenScope::batch, kSome},
    {jobs_write, "jobs.write", TokenScope::batch, kSome},
    {models_read, "models.read", TokenScope::read},
    {models_write, "models.write", TokenScope::administer},
    {surveys_read, "surveys.read", TokenScope::read},
    {surveys_write, "surveys.write", kLogin},
    {responses_read, "responses.read", TokenScope::read},
    {responses_write, "responses.write", TokenScope::write},
    {trends_read, "trends.read", TokenScope::read, kSome},
    {aggregates_read, "aggregates.read", TokenScope::read},
    {alerts_read, "alerts.read", TokenScope::read, kSome},
    {alerts_write, "alerts.write", TokenScope::write, kSome},
    {validations_read, "validations.read", TokenScope::read, kAll},
    {validations_write, "validations.write", TokenScope::batch, kAll},
    {explanations_read, "explanations.read", TokenScope::read, kAll},
    {search_read, "search.read", TokenScope::read, kSome},
    {audit_read, "audit.read", TokenScope::administer},
    {site_read, "site.read", TokenScope::read},
    {site_write, "site.write", TokenScope::administer},
    {backups_write, "backups.write", TokenScope::administer},
    {metrics_read, "metrics.read", TokenScope::administer},
}};

constexpr bool in_the_enums_order() {
  for (std::size_t i = 0; i < kActionFacts.size(); ++i) {
    if (kActionFacts[i].action != static_cast<Action>(i) || kActionFacts[i].name.empty()) return false;
  }
  return true;
}
static_assert(in_the_enums_order());

constexpr Modes kEverywhere{Mode::personal, Mode::clinical, Mode::research, Mode::fatigue_and_surveys};
constexpr Modes kCare{Mode::clinical, Mode::fatigue_and_surveys};
constexpr Modes kClinic{Mode::clinical};
constexpr Modes kResearch{Mode::research};
constexpr Modes kGroups{Mode::clinical, Mode::research, Mode::fatigue_and_surveys};

// About nobody.
constexpr Grant nobody(Role role, Action action, Modes modes = kEverywhere) {
  return {role, action, Relation::none, modes, {}, View::full};
}
// A participant on what is their own.
constexpr Grant own(Action action, Scopes consents = {}) {
  return {Role::participant, action, Relation::self, kEverywhere, consents, View::full};
}
// A clinician on a person who chose them.
constexpr Grant chosen(Action action, Scopes consents = {}, Modes modes = kCare) {
  return {Role::clinician, action, Relation::chosen, modes, consents, View::full};
}
// A researcher on a person of an approved study.
constexpr Grant study(Action action, Scopes more = {}) {
  return {Role::researcher,  action, Relation::assigned, kResearch, more.with(research_use),
          View::pseudonymous};
}
constexpr Grant leads(Action action, View view) {
  return {Role::organisation_lead, action, Relation::leads, kGroups, {}, view};
}
constexpr Grant delivers(Action action, Scopes consents) {
  return {Role::device, action, Relation::device, kEverywhere, consents, View::full};
}

constexpr Role kAdmin = Role::administrator;
constexpr Role kClinician = Role::clinician;
constexpr Role kResearcher = Role::researcher;
constexpr Role kLead = Role::organisation_lead;
constexpr Role kParticipant = Role::participant;

constexpr std::array kGrants = {
    // administrator: the site, nobody's data
    nobody(kAdmin, account_read),
    nobody(kAdmin, account_write),
    nobody(kAdmin, users_read),
    nobody(kAdmin, users_write),
    nobody(kAdmin, tokens_read),
    nobody(kAdmin, tokens_write),
    nobody(kAdmin, tokens_manage),
    nobody(kAdmin, organisations_read),
    nobody(kAdmin, organisations_write),
    nobody(kAdmin, groups_read),
    nobody(kAdmin, groups_write),
    nobody(kAdmin, models_read),
    nobody(kAdmin, models_write),
    nobody(kAdmin, templates_read),
    nobody(kAdmin, templates_write),
    nobody(kAdmin, surveys_read),
    nobody(kAdmin, surveys_write),
    nobody(kAdmin, audit_read),
    nobody(kAdmin, site_read),
    nobody(kAdmin, site_write),
    nobody(kAdmin, backups_write),
    nobody(kAdmin, metrics_read),
    nobody(kAdmin, cameras_read),
    nobody(kAdmin, cameras_write),

    // clinician: people who chose them. What a face gave is read only as long as its storing is agreed to.
    nobody(kClinician, account_read),
    nobody(kClinician, account_write),
    nobody(kClinician, tokens_read),
    nobody(kClinician, tokens_write),
    nobody(kClinician, models_read),
    nobody(kClinician, templates_read),
    nobody(kClinician, surveys_read),
    nobody(kClinician, site_read),
    nobody(kClinician, people_write, kCare),  // a new record
    chosen(people_read),
    chosen(people_write),
    chosen(memberships_read),
    chosen(consents_read),
    chosen(consents_write, {}, kClinic),  // signed on paper
    chosen(sessions_read),
    chosen(sessions_write),
    chosen(sessions_end),
    chosen(sessions_export, {store_observations}),
    chosen(live_stream, {live_analysis}),
    chosen(live_watch, {live_analysis}),
    nobody(kClinician, cameras_read),
    chosen(cameras_stream, {live_analysis}),
    chosen(observations_read, {store_observations}),
    chosen(observations_write, {store_observations}),
    chosen(notes_read),
    chosen(notes_write),
    chosen(keywords_read),
    chosen(keywords_write),
    chosen(captures_read, {store_images}),
    chosen(captures_write, {store_images}),
    chosen(images_read, {store_images}),
    chosen(labels_write, {store_images}),
    chosen(jobs_read, {live_analysis}),
    chosen(jobs_write, {live_analysis}),
    chosen(responses_read),
    chosen(responses_write),
    chosen(trends_read, {store_observations}),
    chosen(alerts_read, {store_observations}),
    chosen(alerts_write, {store_observations}),
    chosen(explanations_read, {store_observations}),
    chosen(search_read, {store_observations}),

    // researcher: an approved study's people who agreed, under pseudonyms. Notes are free text, which names
    // people, and a team says where to look for them; a picture is no pseudonym, so that it is kept must be
    // agreed to as well.
    nobody(kResearcher, account_read),
    nobody(kResearcher, account_write),
    nobody(kResearcher, tokens_read),
    nobody(kResearcher, tokens_write),
    nobody(kResearcher, models_read),
    nobody(kResearcher, templates_read),
    nobody(kResearcher, surveys_read),
    nobody(kResearcher, surveys_write, kResearch),
    nobody(kResearcher, site_read),
    nobody(kResearcher, datasets_read, kResearch),
    nobody(kResearcher, datasets_write, kResearch),
    nobody(kResearcher, jobs_read, kResearch),
    nobody(kResearcher, jobs_write, kResearch),
    nobody(kResearcher, validations_read, kResearch),
    nobody(kResearcher, validations_write, kResearch),
    study(people_read),
    study(sessions_read),
    study(sessions_export),
    study(observations_read),
    study(keywords_read),
    study(captures_read, {store_images}),
    study(images_read, {store_images}),
    study(labels_write, {store_images}),
    study(jobs_read),
    study(jobs_write),
    study(responses_read),
    study(trends_read),
    study(explanations_read),

    // organisation lead: groups
    nobody(kLead, account_read),
    nobody(kLead, account_write),
    nobody(kLead, tokens_read),
    nobody(kLead, tokens_write),
    nobody(kLead, models_read),
    nobody(kLead, templates_read),
    nobody(kLead, surveys_read),
    nobody(kLead, site_read),
    leads(organisations_read, View::full),
    leads(groups_read, View::full),
    leads(aggregates_read, View::aggregate),  // survey_aggregate unless the site declares more

    // participant: all that is their own, whatever the mode
    nobody(kParticipant, account_read),
    nobody(kParticipant, account_write),
    nobody(kParticipant, tokens_read),
    nobody(kParticipant, tokens_write),
    nobody(kParticipant, models_read),
    nobody(kParticipant, templates_read),
    nobody(kParticipant, surveys_read),
    nobody(kParticipant, site_read),
    own(people_read),
    own(people_write),
    own(memberships_read),
    own(people_delete),
    own(people_export),
    own(consents_read),
    own(consents_write),
    own(sessions_read),
    own(sessions_write),
    own(sessions_end),
    own(sessions_delete),
    own(sessions_export),
    own(live_stream, {live_analysis}),
    own(live_watch, {live_analysis}),
    own(observations_read),
    own(observations_write, {store_observations}),
    own(notes_read),
    own(notes_write),
    own(keywords_read),
    own(keywords_write),
    own(captures_read),
    own(captures_write, {store_images}),
    own(images_read),
    own(labels_write, {store_images}),
    own(jobs_read),
    own(jobs_write, {live_analysis}),
    own(responses_read),
    own(responses_write),
    own(trends_read),
    own(alerts_read),
    own(alerts_write),
    own(explanations_read),
    own(search_read),
    own(audit_read),  // who looked at their data

    // device: delivers. To end needs no consent, here as with everybody: what was withdrawn must not hold it
    // open.
    delivers(sessions_end, {}),
    delivers(live_stream, {live_analysis}),
    delivers(observations_write, {store_observations}),
};

}  // namespace

const ActionFacts& facts_of(Action action) {
  return kActionFacts.at(static_cast<std::size_t>(action));
}

std::span<const ActionFacts> all_actions() {
  return kActionFacts;
}

std::span<const Grant> all_grants() {
  return kGrants;
}

}  // namespace pyro::security
