#include "pyro/datasets/split.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

namespace pyro::datasets {
namespace {

using testing::HasSubstr;

std::vector<Item> items_of(const std::vector<int>& persons, const std::vector<int>& labels) {
  std::vector<Item> items(std::min(persons.size(), labels.size()));
  for (std::size_t i = 0; i < items.size(); ++i) {
    items[i].name = std::to_string(i);
    items[i].label = static_cast<records::Emotion>(labels[i]);
    if (persons[i] > 0) items[i].person = "p" + std::to_string(persons[i]);
  }
  return items;
}

RC_GTEST_PROP(Split, NeverDividesAPersonOrAGroupOfTwins, ()) {
  const auto count = *rc::gen::inRange<std::size_t>(4, 120);
  const auto persons = *rc::gen::container<std::vector<int>>(count, rc::gen::inRange(-20, 30));
  const auto labels = *rc::gen::container<std::vector<int>>(count, rc::gen::inRange(0, 7));
  const std::vector<Item> items = items_of(persons, labels);
  Twins twins;
  for (auto* groups : {&twins.exact, &twins.near}) {
    for (int g = *rc::gen::inRange(0, 6); g > 0; --g) {
      // Two different ones by drawing twice, never "until they differ": small and shrunk draws are all alike.
      const auto first = *rc::gen::inRange<std::size_t>(0, count - 1);
      groups->push_back({first, *rc::gen::inRange<std::size_t>(first + 1, count)});
    }
  }
  SplitOptions options;
  options.test = *rc::gen::element(0.1, 0.2, 0.5, 0.8);
  options.seed = *rc::gen::arbitrary<std::uint64_t>();
  const auto test = split_items(items, twins, options);
  if (!test) RC_DISCARD("all hangs together");
  std::map<std::string, std::set<bool>> sides;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!items[i].person.empty()) sides[items[i].person].insert((*test)[i]);
  }
  for (const auto& [person, side] : sides) RC_ASSERT(side.size() == 1U);
  for (const auto* groups : {&twins.exact, &twins.near}) {
    for (const Members& group : *groups) {
      for (const std::size_t i : group) RC_ASSERT((*test)[i] == (*test)[group.front()]);
    }
  }
  const auto chosen = std::ranges::count(*test, true);
  RC_ASSERT(chosen > 0 && chosen < std::ssize(*test));
  RC_ASSERT(*split_items(items, twins, options) == *test);
}

TEST(Split, KeepsEveryClasssShare) {
  std::vector<int> labels;
  const std::array<int, 7> counts{1000, 50, 300, 20, 10, 200, 5};
  for (int c = 0; c < 7; ++c)
    labels.insert(labels.end(), static_cast<std::size_t>(counts[static_cast<std::size_t>(c)]), c);
  const auto items = items_of(std::vector<int>(labels.size()), labels);
  const auto test = split_items(items, {}, {0.2, 3});
  ASSERT_TRUE(test);
  std::array<int, 7> chosen{};
  for (std::size_t i = 0; i < items.size(); ++i)
    chosen[static_cast<std::size_t>(labels[i])] += (*test)[i] ? 1 : 0;
  for (std::size_t c = 0; c < 7; ++c) EXPECT_EQ(chosen[c], counts[c] / 5) << c;
  EXPECT_NE(*test, *split_items(items, {}, {0.2, 4})) << "another seed, another draw";
}

TEST(Split, FewPersonsStillComeNearTheShare) {
  // Twelve persons of 30 pictures each, with classes of their own preference.
  std::vector<int> persons, labels;
  for (int person = 1; person <= 12; ++person) {
    for (int i = 0; i < 30; ++i) {
      persons.push_back(person);
      labels.push_back(i % 3 == 0 ? person % 7 : i % 7);
    }
  }
  const auto items = items_of(persons, labels);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto test = split_items(items, {}, {0.25, seed, true});
    ASSERT_TRUE(test);
    EXPECT_EQ(std::ranges::count(*test, true), 90) << seed;
  }
}

TEST(Split, SaysWhyItCannot) {
  const auto items = items_of({1, 1, 0}, {0, 1, 2});
  EXPECT_EQ(split_items(items, {}, {0.0}).error().code, ErrorCode::wrong_use);
  EXPECT_EQ(split_items(items, {}, {1.0}).error().code, ErrorCode::wrong_use);
  const auto missing = split_items(items, {}, {0.5, 1, true});
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("'2' has no person"));
  const auto one = split_items(items_of({1, 1, 1}, {0, 1, 2}), {}, {0.5, 1});
  ASSERT_FALSE(one);
  EXPECT_THAT(one.error().message, HasSubstr("hang together in 1 lumps"));
}

}  // namespace
}  // namespace pyro::datasets
