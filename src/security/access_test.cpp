#include "pyro/security/access.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "access_cases.hpp"
#include "pyro/base/files.hpp"

namespace pyro::security {
namespace {

using enum Action;

std::string outcome(const Decision& decision) {
  if (decision.allowed()) return std::string{view_name(decision.view)};
  switch (decision.reason) {
    case Reason::role:
      return "no: role";
    case Reason::mode:
      return "no: mode";
    case Reason::token:
      return "no: token";
    case Reason::relation:
      return "no: relation";
    case Reason::approval:
      return "no: approval";
    case Reason::consent:
      return "no: consent";
    case Reason::allowed:
      break;
  }
  return "?";
}

struct Cell {
  Role role;
  Action action;
  Relation relation;
  Scopes scopes;
  Mode mode;
  const char* expected;
};

// Written by hand from the product's description, not from the table.
TEST(Access, TheMostImportantCells) {
  constexpr Role kAdmin = Role::administrator, kDoctor = Role::clinician, kScholar = Role::researcher,
                 kLead = Role::organisation_lead, kPart = Role::participant, kDev = Role::device;
  constexpr Relation kNone = Relation::none, kSelf = Relation::self, kChosen = Relation::chosen,
                     kStudy = Relation::assigned, kDevice = Relation::device, kLeads = Relation::leads;
  constexpr Mode kPersonal = Mode::personal, kClinical = Mode::clinical, kResearch = Mode::research,
                 kFatigue = Mode::fatigue_and_surveys;
  constexpr Scopes kNo{}, kLive{Scope::live_analysis}, kStore{Scope::store_observations},
      kImages{Scope::store_images}, kUse{Scope::research_use},
      kUseImages{Scope::research_use, Scope::store_images};
  const std::vector<Cell> cells = {
      // a participant owns their data, whatever the mode and whatever was withdrawn
      {kPart, people_read, kSelf, kNo, kPersonal, "full"},
      {kPart, people_export, kSelf, kNo, kResearch, "full"},
      {kPart, people_delete, kSelf, kNo, kClinical, "full"},
      {kPart, consents_write, kSelf, kNo, kClinical, "full"},
      {kPart, observations_read, kSelf, kNo, kClinical, "full"},
      {kPart, observations_read, kSelf, kNo, kFatigue, "survey_only"},
      {kPart, people_export, kSelf, kNo, kFatigue, "full"},
      {kPart, notes_read, kSelf, kNo, kFatigue, "full"},
      {kPart, trends_read, kSelf, kNo, kFatigue, "survey_only"},
      {kPart, audit_read, kSelf, kNo, kClinical, "full"},
      // and no consent, no processing, for them as for everybody
      {kPart, live_stream, kSelf, kNo, kPersonal, "no: consent"},
      {kPart, live_stream, kSelf, kStore, kPersonal, "no: consent"},
      {kPart, live_stream, kSelf, kLive, kPersonal, "full"},
      {kPart, live_stream, kSelf, kLive, kFatigue, "survey_only"},
      {kPart, observations_write, kSelf, kLive, kPersonal, "no: consent"},
      {kPart, sessions_end, kSelf, kNo, kPersonal, "full"},  // a withdrawal does not hold a session open
      {kPart, observations_write, kSelf, kStore, kPersonal, "full"},
      {kPart, captures_write, kSelf, kStore, kPersonal, "no: consent"},
      {kPart, captures_write, kSelf, kImages, kPersonal, "full"},
      {kPart, captures_write, kSelf, kImages, kFatigue, "no: mode"},
      {kPart, people_read, kChosen, kAllScopes, kClinical, "no: relation"},
      {kPart, users_read, kNone, kNo, kPersonal, "no: role"},
      {kPart, aggregates_read, kLeads, kAllScopes, kClinical, "no: role"},
      // a clinician sees whoever chose them, where the mode is for care
      {kDoctor, people_read, kChosen, kNo, kClinical, "full"},
      {kDoctor, memberships_read, kChosen, kNo, kClinical, "full"},
      {kDoctor, memberships_read, kNone, kAllScopes, kClinical, "no: relation"},
      {kDoctor, people_read, kChosen, kAllScopes, kPersonal, "no: mode"},
      {kDoctor, people_read, kChosen, kAllScopes, kResearch, "no: mode"},
      {kDoctor, people_read, kNone, kAllScopes, kClinical, "no: relation"},
      {kDoctor, observations_read, kChosen, kNo, kClinical, "no: consent"},
      {kDoctor, observations_read, kChosen, kStore, kClinical, "full"},
      {kDoctor, observations_read, kChosen, kStore, kFatigue, "survey_only"},
      {kDoctor, live_watch, kChosen, kStore, kClinical, "no: consent"},
      {kDoctor, live_watch, kChosen, kLive, kClinical, "full"},
      {kDoctor, sessions_end, kChosen, kNo, kClinical, "full"},
      {kDoctor, sessions_end, kNone, kAllScopes, kClinical, "no: relation"},
      {kDoctor, images_read, kChosen, kStore, kClinical, "no: consent"},
      {kDoctor, consents_write, kChosen, kNo, kClinical, "full"},
      {kDoctor, consents_write, kChosen, kNo, kFatigue, "no: mode"},
      {kDoctor, people_delete, kChosen, kAllScopes, kClinical, "no: role"},
      {kDoctor, sessions_delete, kChosen, kAllScopes, kClinical, "no: role"},
      {kDoctor, aggregates_read, kLeads, kAllScopes, kClinical, "no: role"},
      {kDoctor, explanations_read, kChosen, kStore, kFatigue, "no: mode"},
      // a researcher sees pseudonyms of who agreed
      {kScholar, observations_read, kStudy, kNo, kResearch, "no: consent"},
      {kScholar, observations_read, kStudy, kUse, kResearch, "pseudonymous"},
      {kScholar, observations_read, kStudy, kAllScopes, kClinical, "no: mode"},
      {kScholar, observations_read, kChosen, kAllScopes, kResearch, "no: relation"},
      {kScholar, notes_read, kStudy, kAllScopes, kResearch, "no: role"},
      {kScholar, images_read, kStudy, kUse, kResearch, "no: consent"},
      {kScholar, images_read, kStudy, kUseImages, kResearch, "pseudonymous"},
      {kScholar, consents_write, kStudy, kAllScopes, kResearch, "no: role"},
      {kScholar, datasets_write, kNone, kNo, kResearch, "full"},
      {kScholar, datasets_write, kNone, kNo, kClinical, "no: mode"},
      {kScholar, people_export, kStudy, kAllScopes, kResearch, "no: role"},
      // a lead sees groups
      {kLead, aggregates_read, kLeads, kNo, kFatigue, "survey_aggregate"},
      {kLead, aggregates_read, kLeads, kNo, kClinical, "survey_aggregate"},
      {kLead, aggregates_read, kLeads, kNo, kPersonal, "no: mode"},
      {kLead, aggregates_read, kNone, kNo, kClinical, "no: relation"},
      {kLead, people_read, kLeads, kAllScopes, kClinical, "no: role"},
      {kLead, responses_read, kChosen, kAllScopes, kClinical, "no: role"},
      {kLead, alerts_read, kLeads, kAllScopes, kFatigue, "no: role"},
      {kLead, live_watch, kLeads, kAllScopes, kClinical, "no: role"},
      // an administrator sees the site
      {kAdmin, users_write, kNone, kNo, kPersonal, "full"},
      {kAdmin, audit_read, kNone, kNo, kClinical, "full"},
      {kAdmin, backups_write, kNone, kNo, kFatigue, "full"},
      {kAdmin, models_write, kNone, kNo, kResearch, "full"},
      {kAdmin, people_read, kSelf, kAllScopes, kPersonal, "no: role"},
      {kAdmin, observations_read, kChosen, kAllScopes, kClinical, "no: role"},
      {kAdmin, consents_write, kChosen, kAllScopes, kClinical, "no: role"},
      {kAdmin, people_export, kSelf, kAllScopes, kClinical, "no: role"},
      // a device delivers
      {kDev, live_stream, kDevice, kNo, kClinical, "no: consent"},
      {kDev, live_stream, kDevice, kLive, kClinical, "full"},
      {kDev, sessions_end, kDevice, kNo, kClinical, "full"},
      {kDev, sessions_end, kSelf, kNo, kClinical, "no: relation"},
      {kDev, observations_write, kDevice, kStore, kFatigue, "survey_only"},
      {kDev, observations_write, kSelf, kAllScopes, kClinical, "no: relation"},
      {kDev, observations_read, kDevice, kAllScopes, kClinical, "no: role"},
      {kDev, live_watch, kDevice, kAllScopes, kClinical, "no: role"},
      {kDev, account_read, kNone, kNo, kClinical, "no: role"},
  };
  for (const Cell& cell : cells)
    EXPECT_EQ(outcome(at(cell.role, cell.action, cell.relation, cell.scopes, cell.mode)), cell.expected)
        << role_name(cell.role) << " " << action_name(cell.action) << " in " << mode_name(cell.mode)
        << ", relation " << static_cast<int>(cell.relation) << ", consents " << cell.scopes.bits();
}

TEST(Access, TheSitesDeclaredBasisOpensScoresOfGroupsButNotWhereThereAreNone) {
  const Subject group{"", Relation::leads, {}, false};
  Site site = site_of(Mode::clinical);
  site.leads_may_see_scores = true;
  EXPECT_EQ(decide(actor_of(Role::organisation_lead), aggregates_read, &group, site, kNoon).view,
            View::aggregate);
  site.mode = Mode::fatigue_and_surveys;
  EXPECT_EQ(decide(actor_of(Role::organisation_lead), aggregates_read, &group, site, kNoon).view,
            View::survey_aggregate);
}

TEST(Access, AnotherPersonsRecordAndNoneGetTheSameWords) {
  const std::vector<Consent> all = consents_to(kAllScopes);
  const Subject other{"p2", Relation::none, all, true};
  const Subject claimed{"p2", Relation::self, all, true};  // the store says self, the login is p1's
  const Subject missing{"", Relation::none, {}, false};
  const Site site = site_of(Mode::clinical);
  for (const Role role : {Role::participant, Role::clinician}) {
    const std::string words = decide(actor_of(role), people_read, &missing, site, kNoon).sentence();
    EXPECT_EQ(decide(actor_of(role), people_read, &other, site, kNoon).sentence(), words);
    EXPECT_EQ(decide(actor_of(role), people_read, &claimed, site, kNoon).sentence(), words);
    EXPECT_EQ(decide(actor_of(role), people_read, nullptr, site, kNoon).sentence(), words);
  }
}

TEST(Access, AnotherPersonsConsentDoesNotCount) {
  std::vector<Consent> consents = consents_to(kAllScopes);
  consents.front().person = "p2";
  const Subject self{"p1", Relation::self, consents, false};
  const Decision decision =
      decide(actor_of(Role::participant), live_stream, &self, site_of(Mode::personal), kNoon);
  EXPECT_EQ(decision.reason, Reason::consent);
  EXPECT_EQ(decision.missing, Scopes{Scope::live_analysis});
  EXPECT_EQ(decision.sentence(), "The consent that this needs (live_analysis) is not in force.");
}

TEST(Access, AWithdrawalCountsAtOnce) {
  std::vector<Consent> consents = consents_to({Scope::live_analysis});
  consents.front().withdrawn = kNoon;
  const Subject self{"p1", Relation::self, consents, false};
  const Actor actor = actor_of(Role::participant);
  const Site site = site_of(Mode::personal);
  EXPECT_TRUE(decide(actor, live_stream, &self, site, kNoon - std::chrono::microseconds{1}).allowed());
  EXPECT_FALSE(decide(actor, live_stream, &self, site, kNoon).allowed());
}

TEST(Access, AStudyNeedsItsApproval) {
  const std::vector<Consent> all = consents_to(kAllScopes);
  const Subject person{"p1", Relation::assigned, all, false};
  EXPECT_EQ(decide(actor_of(Role::researcher), sessions_read, &person, site_of(Mode::research), kNoon).reason,
            Reason::approval);
}

TEST(Access, ATeamWouldSayWhereToLookForAPseudonym) {
  const std::vector<Consent> all = consents_to(kAllScopes);
  const Subject person{"p1", Relation::assigned, all, true};
  const Site site = site_of(Mode::research);
  EXPECT_TRUE(decide(actor_of(Role::researcher), people_read, &person, site, kNoon).allowed());
  EXPECT_EQ(decide(actor_of(Role::researcher), memberships_read, &person, site, kNoon).reason, Reason::role);
}

TEST(Access, ATokenDoesNoMoreThanItsScopesAndNeverWhatNeedsALogin) {
  const std::vector<Consent> all = consents_to(kAllScopes);
  const Subject self{"p1", Relation::self, all, false};
  const Site site = site_of(Mode::personal);
  Actor actor = actor_of(Role::participant);
  actor.token = true;
  EXPECT_EQ(decide(actor, observations_read, &self, site, kNoon).reason, Reason::token);
  actor.scopes = {TokenScope::read};
  EXPECT_TRUE(decide(actor, observations_read, &self, site, kNoon).allowed());
  EXPECT_EQ(decide(actor, notes_write, &self, site, kNoon).reason, Reason::token);
  actor.scopes = TokenScopes::of_bits((1U << kTokenScopes) - 1);
  for (const Action action :
       {account_write, tokens_read, tokens_write, consents_write, people_delete, sessions_delete}) {
    EXPECT_FALSE(may_ever(actor, action, site)) << action_name(action);
    EXPECT_FALSE(decide(actor, action, &self, site, kNoon).allowed()) << action_name(action);
    EXPECT_FALSE(decide(actor, action, nullptr, site, kNoon).allowed()) << action_name(action);
  }
}

TEST(Access, NamesGoBothWaysAndAreDistinct) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kActions; ++i) {
    const auto action = static_cast<Action>(i);
    EXPECT_EQ(action_named(action_name(action)), action);
    EXPECT_EQ(std::ranges::count(action_name(action), '.'), 1);
    names.insert(action_name(action));
  }
  EXPECT_EQ(names.size(), kActions);
  EXPECT_EQ(action_named("people.erase"), std::nullopt);
  for (std::size_t i = 0; i < kRoles; ++i)
    EXPECT_EQ(role_named(role_name(static_cast<Role>(i))), static_cast<Role>(i));
  for (std::size_t i = 0; i < kModes; ++i)
    EXPECT_EQ(mode_named(mode_name(static_cast<Mode>(i))), static_cast<Mode>(i));
}

TEST(Access, ThePageIsTheTable) {
  const std::string path = PYRO_SOURCE_DIR "/docs/access.md";
  if (std::getenv("PYROMETER_WRITE_DOCS") != nullptr) {
    ASSERT_TRUE(replace_file(path, access_page()));
  }
  const Result<std::string> page = read_whole(path, 1 << 20);
  ASSERT_TRUE(page) << page.error().text();
  EXPECT_EQ(*page, access_page())
      << "write it anew: PYROMETER_WRITE_DOCS=1 build/<preset>/src/security/security_test "
         "--gtest_filter=Access.ThePageIsTheTable";
}

}  // namespace
}  // namespace pyro::security
