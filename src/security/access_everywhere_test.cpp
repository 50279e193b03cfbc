// What must never be, looked for in every cell of the matrix, and in made-up cases beyond it.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "access_cases.hpp"
#include "anything.hpp"
#include "pyro/security/access.hpp"

namespace pyro::security {
namespace {

using enum Action;

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
  static const std::set<Action> kOthers = {
      account_read,        account_write,      users_read,    users_write,    tokens_read,     tokens_write,
      tokens_manage,       groups_read,        groups_write,  models_read,    models_write,    surveys_read,
      audit_read,          organisations_read, site_read,     site_write,     metrics_read,    backups_write,
      organisations_write, cameras_read,       cameras_write, templates_read, templates_write, surveys_write};
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

TEST(Access, NobodyElseTakesAllThereIsOnAPersonOrErasesIt) {
  everywhere([](Role role, Action action, Relation relation, Mode mode) {
    if (action != people_export && action != people_delete && action != sessions_delete) return;
    EXPECT_EQ(at(role, action, relation, kAllScopes, mode).allowed(),
              role == Role::participant && relation == Relation::self)
        << action_name(action) << " by " << role_name(role);
  });
}

TEST(Access, OthersNeedTheConsentThatAFaceOrAPictureOrAStudyNeeds) {
  const std::set<Action> of_pictures = {captures_read, captures_write, images_read, labels_write};
  const std::set<Action> of_a_face = {observations_read, observations_write, trends_read,
                                      explanations_read, alerts_read,        sessions_export};
  everywhere([&](Role role, Action action, Relation relation, Mode mode) {
    if (relation == Relation::none || role == Role::participant) return;
    const auto allowed_without = [&](Scope scope) {
      return at(role, action, relation, kAllScopes.without(scope), mode).allowed();
    };
    EXPECT_FALSE(role == Role::researcher && allowed_without(Scope::research_use)) << action_name(action);
    EXPECT_FALSE(of_pictures.contains(action) && allowed_without(Scope::store_images)) << action_name(action);
    EXPECT_FALSE(role != Role::researcher && of_a_face.contains(action) &&
                 allowed_without(Scope::store_observations))
        << action_name(action);
    EXPECT_FALSE((action == live_stream || action == live_watch || action == cameras_stream) &&
                 allowed_without(Scope::live_analysis))
        << action_name(action);
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
    EXPECT_EQ(allowed, relation == Relation::device &&
                           (action == live_stream || action == sessions_end || action == observations_write));
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
    RC_ASSERT(decision.view != View::survey_only || fatigue);
    RC_ASSERT(made.site.mode != Mode::personal || made.actor.role == Role::participant ||
              made.actor.role == Role::device);
    const bool bound = made.actor.role == Role::participant || made.actor.role == Role::device;
    RC_ASSERT(!bound || made.actor.person == made.subject.person);
  }
  RC_ASSERT(decision.view != View::aggregate || (made.site.leads_may_see_scores && !fatigue));
}

}  // namespace
}  // namespace pyro::security
