#include "pyro/security/access.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "anything.hpp"
#include "pyro/base/files.hpp"

namespace pyro::security {
namespace {

using enum Action;

const UtcTime kNoon{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2} + std::chrono::hours{12}};

std::vector<Consent> consents_to(Scopes scopes) {
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

Actor actor_of(Role role) {
  Actor actor;
  actor.user = "u1";
  actor.role = role;
  if (role == Role::participant || role == Role::device) actor.person = "p1";
  return actor;
}

Site site_of(Mode mode) {
  Site site;
  site.mode = mode;
  return site;
}

constexpr Scopes kAllScopes = Scopes::of_bits((1U << kScopes) - 1);

// One letter a role, relation and mode, so that a cell is a line.
Decision at(Role role, Action action, Relation relation, Scopes scopes, Mode mode) {
  const std::vector<Consent> consents = consents_to(scopes);
  const Subject subject{relation == Relation::leads ? "" : "p1", relation, consents, true};
  return decide(actor_of(role), action, relation == Relation::none ? nullptr : &subject, site_of(mode),
                kNoon);
}

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
      {kPart, notes_read, kSelf, kNo, kClinical, "full"},
      {kPart, audit_read, kSelf, kNo, kClinical, "full"},
      // and no consent, no processing, for them as for everybody
      {kPart, live_stream, kSelf, kNo, kPersonal, "no: consent"},
      {kPart, live_stream, kSelf, kStore, kPersonal, "no: consent"},
      {kPart, live_stream, kSelf, kLive, kPersonal, "full"},
      {kPart, live_stream, kSelf, kLive, kFatigue, "survey_only"},
      {kPart, observations_write, kSelf, kLive, kPersonal, "no: consent"},
      {kPart, observations_write, kSelf, kStore, kPersonal, "full"},
      {kPart, captures_write, kSelf, kStore, kPersonal, "no: consent"},
      {kPart, captures_write, kSelf, kImages, kPersonal, "full"},
      {kPart, captures_write, kSelf, kImages, kFatigue, "no: mode"},
      {kPart, people_read, kChosen, kAllScopes, kClinical, "no: relation"},
      {kPart, users_read, kNone, kNo, kPersonal, "no: role"},
      {kPart, aggregates_read, kLeads, kAllScopes, kClinical, "no: role"},
      // a clinician sees whoever chose them, where the mode is for care
      {kDoctor, people_read, kChosen, kNo, kClinical, "full"},
      {kDoctor, people_read, kChosen, kAllScopes, kPersonal, "no: mode"},
      {kDoctor, people_read, kChosen, kAllScopes, kResearch, "no: mode"},
      {kDoctor, people_read, kNone, kAllScopes, kClinical, "no: relation"},
      {kDoctor, observations_read, kChosen, kNo, kClinical, "no: consent"},
      {kDoctor, observations_read, kChosen, kStore, kClinical, "full"},
      {kDoctor, observations_read, kChosen, kStore, kFatigue, "survey_only"},
      {kDoctor, live_watch, kChosen, kStore, kClinical, "no: consent"},
      {kDoctor, live_watch, kChosen, kLive, kClinical, "full"},
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

// Calls `look(role, action, relation, mode)` for everything that there is; the relation none goes without a
// subject.
template <typename Look>
void everywhere(const Look& look) {
  for (std::size_t role = 0; role < kRoles; ++role) {
    for (std::size_t action = 0; action < kActions; ++action) {
      for (int relation = 0; relation < 6; ++relation) {
        for (std::size_t mode = 0; mode < kModes; ++mode)
          look(static_cast<Role>(role), static_cast<Action>(action), static_cast<Relation>(relation),
               static_cast<Mode>(mode));
      }
    }
  }
}

TEST(Access, LessConsentNeverAllowsMoreAnywhere) {
  everywhere([](Role role, Action action, Relation relation, Mode mode) {
    for (std::uint32_t bits = 0; bits < (1U << kScopes); ++bits) {
      const auto scopes = Scopes::of_bits(bits);
      if (at(role, action, relation, scopes, mode).allowed()) continue;
      for (std::size_t i = 0; i < kScopes; ++i) {
        const Scopes less = scopes.without(static_cast<Scope>(i));
        EXPECT_FALSE(at(role, action, relation, less, mode).allowed()) << action_name(action);
      }
    }
  });
}

// What is about people: all but the site's own things and one's own account.
bool about_people(Action action) {
  static const std::set<Action> kOthers = {account_read, account_write,      users_read,         users_write,
                                           tokens_read,  tokens_write,       tokens_manage,      groups_read,
                                           groups_write, models_read,        models_write,       surveys_read,
                                           audit_read,   organisations_read, site_read,          site_write,
                                           metrics_read, backups_write,      organisations_write};
  return !kOthers.contains(action);
}

TEST(Access, AnAdministratorGetsNothingOfAPersonAnywhere) {
  everywhere([](Role, Action action, Relation relation, Mode mode) {
    const Decision decision = at(Role::administrator, action, relation, kAllScopes, mode);
    EXPECT_FALSE(decision.allowed() && (relation != Relation::none || about_people(action)))
        << action_name(action) << " in " << mode_name(mode);
    EXPECT_FALSE(about_people(action) && may_ever(actor_of(Role::administrator), action, site_of(mode)))
        << action_name(action);
  });
}

TEST(Access, OnlyThePersonAndAClinicianOnPaperWriteConsents) {
  everywhere([](Role role, Action action, Relation relation, Mode mode) {
    if (action != consents_write || !at(role, action, relation, kAllScopes, mode).allowed()) return;
    const bool oneself = role == Role::participant && relation == Relation::self;
    const bool on_paper = role == Role::clinician && relation == Relation::chosen && mode == Mode::clinical;
    EXPECT_TRUE(oneself || on_paper) << role_name(role) << " in " << mode_name(mode);
  });
}

TEST(Access, AParticipantReadsAllThatIsTheirOwnWithoutAnyConsent) {
  for (const Action action :
       {people_read, people_export, people_delete, consents_read, consents_write, sessions_read,
        sessions_export, sessions_delete, observations_read, notes_read, keywords_read, responses_read,
        trends_read, alerts_read, jobs_read, search_read, audit_read}) {
    for (std::size_t mode = 0; mode < kModes; ++mode)
      EXPECT_TRUE(at(Role::participant, action, Relation::self, {}, static_cast<Mode>(mode)).allowed())
          << action_name(action);
  }
}

TEST(Access, ADeviceOnlyDelivers) {
  everywhere([](Role, Action action, Relation relation, Mode mode) {
    const bool allowed = at(Role::device, action, relation, kAllScopes, mode).allowed();
    EXPECT_EQ(allowed,
              relation == Relation::device && (action == live_stream || action == observations_write));
  });
}

TEST(Access, ALeadNeverGetsAPerson) {
  everywhere([](Role, Action action, Relation relation, Mode mode) {
    const Decision decision = at(Role::organisation_lead, action, relation, kAllScopes, mode);
    if (!decision.allowed()) return;
    EXPECT_TRUE(relation == Relation::none || relation == Relation::leads) << action_name(action);
    EXPECT_TRUE(!about_people(action) ||
                (action == aggregates_read && decision.view == View::survey_aggregate))
        << action_name(action);
  });
}

// Everything that decide() looks at, made up.
struct Case {
  Actor actor;
  Action action;
  std::vector<Consent> consents;
  Subject subject;
  bool about_somebody;
  Site site;
};

Case any_case() {
  Case made;
  made.actor = actor_of(static_cast<Role>(any_below(static_cast<int>(kRoles))));
  if (*rc::gen::arbitrary<bool>()) made.actor.person = *rc::gen::element<std::string>("p1", "p2");
  made.actor.token = any_below(4) == 0;
  made.actor.scopes = TokenScopes::of_bits(any_below(1U << kTokenScopes));
  made.action = static_cast<Action>(any_below(static_cast<int>(kActions)));
  const int count = any_below(4);
  for (int i = 0; i < count; ++i) {
    Consent consent;
    consent.person = *rc::gen::element<std::string>("p1", "p1", "p1", "p2");
    consent.scopes = Scopes::of_bits(any_below(1U << kScopes));
    consent.from = kNoon + std::chrono::hours{any_from(-48, 2)};
    if (*rc::gen::arbitrary<bool>()) consent.until = consent.from + std::chrono::hours{any_from(1, 99)};
    made.consents.push_back(consent);
  }
  made.about_somebody = any_below(5) != 0;
  made.subject.person = *rc::gen::element<std::string>("p1", "p1", "p2", "");
  made.subject.relation = static_cast<Relation>(any_below(6));
  made.subject.research_approved = *rc::gen::arbitrary<bool>();
  made.site.mode = static_cast<Mode>(any_below(static_cast<int>(kModes)));
  made.site.leads_may_see_scores = *rc::gen::arbitrary<bool>();
  return made;
}

Decision decided(Case& made) {
  made.subject.consents = made.consents;
  return decide(made.actor, made.action, made.about_somebody ? &made.subject : nullptr, made.site, kNoon);
}

RC_GTEST_PROP(AccessProperty, WithdrawingAConsentNeverAllowsMore, ()) {
  Case made = any_case();
  made.consents.push_back(
      consents_to(Scopes::of_bits(any_below(1U << kScopes)).with(Scope::live_analysis)).front());
  const Decision before = decided(made);
  made.consents[any_below(made.consents.size())].withdrawn = kNoon - std::chrono::hours{any_below(48)};
  const Decision after = decided(made);
  RC_ASSERT(!after.allowed() || before.allowed());
  RC_ASSERT(!after.allowed() || after.view == before.view);
}

RC_GTEST_PROP(AccessProperty, ViewsFitRoleAndMode, ()) {
  Case made = any_case();
  const Decision decision = decided(made);
  RC_ASSERT(decision.allowed() == (decision.view != View::nothing));
  RC_ASSERT((decision.reason == Reason::consent) == !decision.missing.empty());
  if (!decision.allowed()) return;
  RC_ASSERT(may_ever(made.actor, made.action, made.site));
  const bool of_a_person = made.about_somebody && !made.subject.person.empty();
  const bool fatigue = made.site.mode == Mode::fatigue_and_surveys;
  if (of_a_person) {
    RC_ASSERT(made.actor.role != Role::organisation_lead);
    RC_ASSERT(made.actor.role != Role::researcher || decision.view == View::pseudonymous);
    RC_ASSERT((decision.view == View::survey_only) == fatigue);
    RC_ASSERT(made.site.mode != Mode::personal || made.actor.role == Role::participant ||
              made.actor.role == Role::device);
    const bool bound = made.actor.role == Role::participant || made.actor.role == Role::device;
    RC_ASSERT(!bound || made.actor.person == made.subject.person);
  }
  RC_ASSERT(decision.view != View::aggregate || (made.site.leads_may_see_scores && !fatigue));
}

}  // namespace
}  // namespace pyro::security
