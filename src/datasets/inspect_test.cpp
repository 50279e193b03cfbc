#include "pyro/datasets/inspect.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "test_faces.hpp"

namespace pyro::datasets {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Item made_up(std::uint64_t face, int label, const std::string& split = "", const std::string& person = "") {
  Item item;
  item.name = "item " + std::to_string(face);
  item.is_path = false;
  item.face = made_up_face(face);
  item.label = static_cast<records::Emotion>(label);
  item.split = split;
  item.person = person;
  return item;
}

Item brighter(Item item) {
  for (std::uint8_t& pixel : item.face->pixels) pixel = static_cast<std::uint8_t>(pixel + 9);
  return item;
}

// Face 1 three times (two classes, two splits) and once brighter; face 2 twice in one class; face 3 alone.
std::vector<Item> made_up_set() {
  return {made_up(1, 0, "train", "ann"), made_up(1, 3, "train", "ann"),
          made_up(2, 4, "train", "bob"), made_up(2, 4, "train", "bob"),
          made_up(1, 0, "test", "ann"),  brighter(made_up(1, 0, "test", "cid")),
          made_up(3, 6, "test")};
}

TEST(Twins, AreGroupedByPixelsAndNearly) {
  const Twins twins = find_twins(made_up_set());
  EXPECT_THAT(twins.exact, ElementsAre(ElementsAre(0, 1, 4), ElementsAre(2, 3)));
  EXPECT_THAT(twins.near, ElementsAre(ElementsAre(0, 1, 4, 5)));
}

TEST(Twins, CanBeStoppedAndTellWhatTheyCouldNotRead) {
  std::vector<Item> items = made_up_set();
  EXPECT_TRUE(find_twins(items, kTwinBits, [](std::size_t i) { return i < 3; }).exact.empty());
  Item absent;
  absent.name = "/nowhere/a.png";
  items.insert(items.begin(), absent);
  const Twins twins = find_twins(items);
  ASSERT_EQ(twins.broken.size(), 1U);
  EXPECT_EQ(twins.broken[0].item, 0U);
  EXPECT_THAT(twins.broken[0].error.message, HasSubstr("/nowhere/a.png"));
  EXPECT_EQ(twins.exact.size(), 2U);
  const Inspection seen = inspect(items, twins);
  EXPECT_EQ(seen.broken, 1);
  EXPECT_EQ(seen.distinct, 4) << "what cannot be read is not counted as different";
}

TEST(Inspect, CountsClassesSplitsTwinsLeaksAndPeople) {
  std::vector<Item> items = made_up_set();
  items[0].groups = {{"age", "18-29"}};
  items[1].groups = {{"age", "18-29"}};
  items[2].groups = {{"age", "65+"}, {"gender", "f"}};
  const Inspection seen = inspect(items, find_twins(items));
  EXPECT_EQ(seen.pictures, 7);
  EXPECT_EQ(seen.distinct, 4);
  ASSERT_EQ(seen.splits.size(), 2U);
  EXPECT_EQ(seen.splits[0].name, "train");
  EXPECT_EQ(seen.splits[0].pictures, 4);
  EXPECT_EQ(seen.splits[0].distinct, 2);
  EXPECT_EQ(seen.splits[0].persons, 2);
  EXPECT_EQ(seen.splits[0].classes, (ClassCounts{1, 0, 0, 1, 2, 0, 0}));
  EXPECT_EQ(seen.splits[1].distinct, 3);
  EXPECT_EQ(seen.exact.groups, 2);
  EXPECT_EQ(seen.exact.pictures, 5);
  EXPECT_EQ(seen.exact.across_classes, 1);
  EXPECT_EQ(seen.exact.pictures_across_classes, 3);
  EXPECT_EQ(seen.exact.across_splits, 1);
  ASSERT_EQ(seen.leaks.size(), 2U);
  EXPECT_EQ(seen.leaks[0].split, "train");
  EXPECT_EQ(seen.leaks[0].other, "test");
  EXPECT_EQ(seen.leaks[0].exact, 1);
  EXPECT_EQ(seen.leaks[0].near, 1);
  EXPECT_EQ(seen.leaks[0].persons, 1);
  EXPECT_EQ(seen.leaks[1].exact, 2);
  EXPECT_EQ(seen.leaks[1].near, 0);
  EXPECT_EQ(seen.persons, 3);
  EXPECT_EQ(seen.without_person, 1);
  EXPECT_THAT(seen.leaking_persons, ElementsAre("ann"));
  EXPECT_EQ(seen.groups.at("age").at("18-29"), 2);
}

TEST(Inspect, ThePageShowsTheContradictionAndStaysBounded) {
  std::vector<Item> items = made_up_set();
  for (std::uint64_t face = 100; face < 400; ++face) {
    items.push_back(made_up(face, 1));
    items.push_back(made_up(face, 2));
  }
  const Twins twins = find_twins(items, 0);
  const std::string text = inspection_page("t", inspect(items, twins), items, twins).text();
  EXPECT_THAT(text, HasSubstr("The first 60 of 301 groups"));
  EXPECT_THAT(text, HasSubstr("One picture, several classes"));
  std::size_t images = 0;
  for (std::size_t at = 0; (at = text.find("<img", at)) != std::string::npos; ++at) ++images;
  EXPECT_LT(images, 60 * 2 * 12 + 7 * 26);
}

// The known trap of FER2013, on the real files.
TEST(Fer2013, HoldsPicturesInSeveralClassesAndTwinsAcrossItsSplits) {
  const char* shared = std::getenv("PYROMETER_SHARED");
  const auto folder =
      std::filesystem::path(shared != nullptr ? shared : PYRO_SOURCE_DIR "/../shared") / "data" / "fer2013";
  if (!std::filesystem::exists(folder)) {
    GTEST_SKIP() << folder << " is absent: set PYROMETER_SHARED to read the real FER2013";
  }
  std::vector<Item> items;
  for (const char* part : {"train", "public"}) {
    auto set = read_dataset(folder / ("fer2013-" + std::string(part) + "-images-idx3-ubyte.gz"));
    ASSERT_TRUE(set) << set.error().text();
    for (Item& item : set->items) {
      item.split = part;
      items.push_back(std::move(item));
    }
  }
  const Twins twins = find_twins(items);
  const Inspection seen = inspect(items, twins);
  ASSERT_EQ(seen.splits.size(), 2U);
  EXPECT_EQ(seen.splits[0].classes, (ClassCounts{3995, 436, 4097, 7215, 4830, 3171, 4965})) << "as published";
  EXPECT_EQ(seen.splits[0].pictures, 28709);
  EXPECT_EQ(seen.splits[0].distinct, 27475);
  EXPECT_EQ(seen.splits[1].pictures, 3589);
  ASSERT_FALSE(seen.leaks.empty());
  EXPECT_EQ(seen.leaks[0].split, "train");
  EXPECT_EQ(seen.leaks[0].exact, 280);
  // Groups of equal pixels with more than one label, by comparing all pictures directly.
  std::map<std::string, std::set<int>> labels;
  for (const Item& item : items)
    labels[std::string(item.face->pixels.begin(), item.face->pixels.end())].insert(
        static_cast<int>(item.label));
  const auto conflicts = std::ranges::count_if(labels, [](const auto& one) { return one.second.size() > 1; });
  EXPECT_GT(conflicts, 0);
  EXPECT_EQ(seen.exact.across_classes, conflicts);
  EXPECT_GT(seen.near.across_classes, seen.exact.across_classes);
}

}  // namespace
}  // namespace pyro::datasets
