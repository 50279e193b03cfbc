#include "pyro/security/group_guard.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <numeric>

#include "anything.hpp"

namespace pyro::security {
namespace {

using Kind = GroupVerdict::Kind;

// People `from` to `to` - 1.
People people(int from, int to) {
  People set;
  for (int i = from; i < to; ++i) set.push_back("p" + std::to_string(100 + i));
  return set;
}

TEST(GroupGuard, FewerThanKAreRefused) {
  EXPECT_EQ(judge_group({}, people(0, 9), 10)->kind, Kind::refuse);
  EXPECT_EQ(judge_group({}, people(0, 10), 10)->kind, Kind::answer);
  EXPECT_FALSE(judge_group({}, people(0, 10), 4)) << "no site may set k below 5";
}

TEST(GroupGuard, OneWhoLeftDoesNotShowInTheDifference) {
  const std::vector<People> answered = {people(0, 20)};
  const Result<GroupVerdict> verdict = judge_group(answered, people(1, 20), 10);
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->kind, Kind::again);
  EXPECT_EQ(verdict->earlier, 0U);
  EXPECT_EQ(judge_group(answered, people(0, 20), 10)->kind, Kind::again);
  EXPECT_EQ(judge_group(answered, people(0, 29), 10)->kind, Kind::again);
  EXPECT_EQ(judge_group(answered, people(0, 30), 10)->kind, Kind::answer)
      << "the difference is of ten people";
  EXPECT_EQ(judge_group(answered, people(0, 9), 10)->kind, Kind::refuse);
}

TEST(GroupGuard, TheNearestEarlierAnswerIsGiven) {
  const std::vector<People> answered = {people(0, 20), people(0, 30), people(5, 32)};
  EXPECT_EQ(judge_group(answered, people(0, 28), 10)->earlier, 1U);
  EXPECT_EQ(judge_group(answered, people(4, 32), 10)->earlier, 2U);
}

TEST(GroupGuard, SetsMustBeSorted) {
  EXPECT_FALSE(judge_group({}, People{"b", "a", "c", "d", "e"}, 5));
  EXPECT_FALSE(judge_group({}, People{"a", "a", "c", "d", "e"}, 5));
}

TEST(GroupGuard, HiddenCellsCannotBeHadFromTheSum) {
  using Shown = std::vector<bool>;
  EXPECT_EQ(cells_shown(std::vector<int>{12, 30, 15}, 10), (Shown{true, true, true}));
  EXPECT_EQ(cells_shown(std::vector<int>{12, 30, 3}, 10), (Shown{false, true, false}));
  EXPECT_EQ(cells_shown(std::vector<int>{12, 6, 7}, 10), (Shown{true, false, false}))
      << "13 together are enough";
  EXPECT_EQ(cells_shown(std::vector<int>{12, 30, 0}, 10), (Shown{false, true, false}))
      << "nobody is few as well";
  EXPECT_EQ(cells_shown(std::vector<int>{2, 3}, 10), (Shown{false, false}));
  EXPECT_TRUE(cells_shown({}, 10).empty());
}

TEST(GroupGuard, FiguresAreRounded) {
  EXPECT_DOUBLE_EQ(rounded_figure(41.3, 2.5), 42.5);
  EXPECT_DOUBLE_EQ(rounded_figure(-0.2, 1), 0);
  EXPECT_EQ(rounded_people(14), 10);
  EXPECT_EQ(rounded_people(15), 15);
}

// Whatever is asked in whatever order, no two different answers lie fewer than k people apart.
RC_GTEST_PROP(GroupGuardProperty, NoTwoAnswersDifferByFew, ()) {
  const int k = any_from(5, 9);
  std::vector<People> answered;
  const People base = people(0, 24);
  for (int query = 0; query < 12; ++query) {
    People asked;
    for (const std::string& person : base) {
      if (any_below(4) != 0) asked.push_back(person);
    }
    const Result<GroupVerdict> verdict = judge_group(answered, asked, k);
    RC_ASSERT(verdict.has_value());
    RC_ASSERT((verdict->kind == Kind::refuse) == (asked.size() < static_cast<std::size_t>(k)));
    if (verdict->kind == Kind::again) {
      RC_ASSERT(people_apart(answered[verdict->earlier], asked) < static_cast<std::size_t>(k));
    }
    if (verdict->kind == Kind::answer) answered.push_back(asked);
  }
  for (std::size_t i = 0; i < answered.size(); ++i) {
    RC_ASSERT(answered[i].size() >= static_cast<std::size_t>(k));
    for (std::size_t j = 0; j < i; ++j) {
      const std::size_t apart = people_apart(answered[i], answered[j]);
      RC_ASSERT(apart >= static_cast<std::size_t>(k));
    }
  }
}

RC_GTEST_PROP(GroupGuardProperty, WhatIsHiddenIsOfAtLeastKOrNothing, ()) {
  const int k = any_from(5, 15);
  const auto cells =
      *rc::gen::container<std::vector<int>>(rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, 40)));
  const std::vector<bool> shown = cells_shown(cells, k);
  int hidden = 0, open = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    RC_ASSERT(!shown[i] || cells[i] >= k);
    (shown[i] ? open : hidden) += cells[i];
  }
  const bool all_shown = std::reduce(shown.begin(), shown.end(), true, std::logical_and<>{});
  RC_ASSERT(all_shown || hidden >= k || open == 0);
}

}  // namespace
}  // namespace pyro::security
