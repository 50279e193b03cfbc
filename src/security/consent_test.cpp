#include "pyro/security/consent.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "anything.hpp"

namespace pyro::security {
namespace {

UtcTime hour(int h) {
  return UtcTime{std::chrono::hours{500'000 + h}};
}

Consent agreed(Scopes scopes, int from, std::optional<int> until = std::nullopt,
               std::optional<int> withdrawn = std::nullopt) {
  Consent consent;
  consent.person = "p1";
  consent.scopes = scopes;
  consent.purpose = "check-ins";
  consent.template_version = "2";
  consent.from = hour(from);
  if (until) consent.until = hour(*until);
  if (withdrawn) consent.withdrawn = hour(*withdrawn);
  return consent;
}

constexpr Scopes kLiveOnly{Scope::live_analysis};

TEST(Consent, HoldsFromItsBeginningToJustBeforeItsEnd) {
  const Consent consent = agreed(kLiveOnly, 1, 5);
  EXPECT_FALSE(in_force(consent, hour(1) - std::chrono::microseconds{1}));
  EXPECT_TRUE(in_force(consent, hour(1)));
  EXPECT_TRUE(in_force(consent, hour(5) - std::chrono::microseconds{1}));
  EXPECT_FALSE(in_force(consent, hour(5)));
  EXPECT_FALSE(in_force(agreed(kLiveOnly, 1, 5, 3), hour(3)));
  EXPECT_FALSE(in_force(agreed(kLiveOnly, 3, std::nullopt, 2), hour(4))) << "withdrawn before it began";
}

TEST(Consent, NextChangeSeesThroughConsentsThatFollowEachOther) {
  const std::vector<Consent> row = {agreed(kLiveOnly, 0, 5), agreed(kLiveOnly, 5, 9),
                                    agreed({Scope::store_images}, 0, 7)};
  EXPECT_EQ(next_change(row, Scope::live_analysis, hour(1)), hour(9));
  EXPECT_EQ(next_change(row, Scope::live_analysis, hour(-1)), hour(0));
  EXPECT_EQ(next_change(row, Scope::live_analysis, hour(9)), std::nullopt);
  EXPECT_EQ(next_change(row, Scope::store_images, hour(1)), hour(7));
  EXPECT_EQ(next_change(row, Scope::research_use, hour(1)), std::nullopt);
}

TEST(Consent, WhatIsIncompleteIsRefused) {
  EXPECT_TRUE(check_consent(agreed(kLiveOnly, 0, 1)));
  EXPECT_FALSE(check_consent(agreed({}, 0)));
  EXPECT_FALSE(check_consent(agreed(Scopes::of_bits(1U << 7U), 0)));
  EXPECT_FALSE(check_consent(agreed(kLiveOnly, 1, 1)));
  Consent consent = agreed(kLiveOnly, 0);
  consent.purpose.clear();
  EXPECT_FALSE(check_consent(consent));
}

TEST(Consent, ScopesHaveNames) {
  for (std::size_t i = 0; i < kScopes; ++i)
    EXPECT_EQ(scope_named(scope_name(static_cast<Scope>(i))), static_cast<Scope>(i));
  EXPECT_EQ(scope_named("everything"), std::nullopt);
}

RC_GTEST_PROP(ConsentProperty, NothingChangesBeforeTheNextChange, ()) {
  std::vector<Consent> list;
  const int count = any_below(5);
  for (int i = 0; i < count; ++i) {
    const int from = any_below(20);
    list.push_back(agreed(kLiveOnly, from, from + any_from(1, 9)));
    if (*rc::gen::arbitrary<bool>()) list.back().withdrawn = hour(any_below(25));
  }
  const int now = any_from(-1, 30);
  const bool covered = covers(list, Scope::live_analysis, hour(now));
  const std::optional<UtcTime> change = next_change(list, Scope::live_analysis, hour(now));
  for (int h = now; h < 60; ++h) {
    const bool same = covers(list, Scope::live_analysis, hour(h)) == covered;
    if (change && hour(h) == *change) {
      RC_ASSERT(!same);
      return;
    }
    RC_ASSERT(same);
  }
  RC_ASSERT(!change);
}

}  // namespace
}  // namespace pyro::security
