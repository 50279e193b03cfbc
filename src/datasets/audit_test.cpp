#include "pyro/datasets/audit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "pyro/datasets/grouped_set.hpp"

namespace pyro::datasets {
namespace {

Prediction sure(records::Emotion emotion, float p) {
  Prediction said;
  said.label = static_cast<int>(emotion);
  said.said.p.fill((1 - p) / 6);
  said.said.p[static_cast<std::size_t>(emotion)] = p;
  return said;
}

struct People {
  std::vector<Item> items;
  std::vector<Prediction> said;
  void add(const std::string& group, int count, const Prediction& prediction) {
    for (int i = 0; i < count; ++i) {
      Item item;
      item.name = "x.png";
      item.groups = {{"skin_tone", group}};
      items.push_back(item);
      said.push_back(prediction);
    }
  }
};

Prediction missed(const char* why) {
  Prediction said;
  said.missed_because = why;
  return said;
}

// Light: 100 pictures, 98 found, 96 usable. Dark: 100, 90 found, 72 of them usable. Rare: 5 pictures.
People skewed() {
  People people;
  people.add("light", 2, missed("no_face"));
  people.add("light", 2, missed("too_dark"));
  people.add("light", 96, sure(records::Emotion::neutral, 0.9F));
  people.add("dark", 10, missed("no_face"));
  people.add("dark", 18, missed("too_dark"));
  people.add("dark", 72, sure(records::Emotion::angry, 0.6F));
  people.add("rare", 5, sure(records::Emotion::angry, 0.6F));
  return people;
}

const Gap& gap_of(const Attribute& attribute, Measure measure) {
  return *std::ranges::find(attribute.gaps, measure, &Gap::measure);
}

TEST(Audit, CountsWhatEachGroupLoses) {
  const People people = skewed();
  const Audit audit = audit_of({"set", "model", "product", true, 1}, people.items, people.said);
  ASSERT_EQ(audit.attributes.size(), 1U);
  const Attribute& skin = audit.attributes.front();
  ASSERT_EQ(skin.groups.size(), 3U);
  const GroupFigures& dark = skin.groups[0];
  EXPECT_EQ(dark.name, "dark");
  EXPECT_DOUBLE_EQ(dark.estimates[0].value, 0.9);
  EXPECT_DOUBLE_EQ(dark.estimates[1].value, 72.0 / 90);
  EXPECT_EQ(dark.estimates[1].n, 90);
  EXPECT_EQ(dark.failures.at("too_dark"), 18);
  EXPECT_DOUBLE_EQ(dark.said[0], 1);
  // All are neutral by their label: dark faces are always read wrong, and still with 0.6.
  EXPECT_DOUBLE_EQ(dark.estimates[2].value, 0);
  EXPECT_NEAR(dark.estimates[3].value, 0.6, 1e-6);
  EXPECT_NEAR(dark.estimates[5].value, 0.6 + 3 * 0.4 / 6, 1e-6);
  EXPECT_NEAR(audit.all.estimates[0].value, (98 + 90 + 5) / 205.0, 1e-12);
}

TEST(Audit, GapsAreBetweenGroupsThatAreLargeEnough) {
  const People people = skewed();
  const Audit audit = audit_of({"set", "model", "product", true, 1}, people.items, people.said);
  const Gap& found = gap_of(audit.attributes.front(), Measure::detected);
  EXPECT_EQ(found.highest, "light") << "not the 5 of 5 of a group too small to say anything";
  EXPECT_EQ(found.lowest, "dark");
  EXPECT_NEAR(found.value, 0.08, 1e-12);
  // Normal approximation: ± 1.96·√(.98·.02/100 + .9·.1/100) = ± 0.0649.
  EXPECT_NEAR(found.interval.low, 0.08 - 0.0649, 0.015);
  EXPECT_NEAR(found.interval.high, 0.08 + 0.0649, 0.015);
  // Fisher's exact test of 98:2 against 90:10 has p 0.033 (SciPy 1.17); random deals estimate the same.
  EXPECT_NEAR(found.p, 0.033, 0.02);
  EXPECT_GE(found.p_holm, found.p);
  ASSERT_EQ(audit.warnings.size(), 1U);
  EXPECT_NE(audit.warnings[0].find("rare (5)"), std::string::npos);
}

TEST(Audit, OneKindOfPictureHasNoGap) {
  People people;
  people.add("a", 40, sure(records::Emotion::happy, 0.8F));
  people.add("b", 40, sure(records::Emotion::happy, 0.8F));
  const Audit audit = audit_of({"set", "model", "product", false, 1}, people.items, people.said);
  const Attribute& attribute = audit.attributes.front();
  EXPECT_EQ(gap_of(attribute, Measure::confidence).value, 0);
  EXPECT_EQ(gap_of(attribute, Measure::confidence).p, 1);
  EXPECT_EQ(std::ranges::find(attribute.gaps, Measure::accuracy, &Gap::measure), attribute.gaps.end())
      << "without labels nothing is right or wrong";
}

TEST(GroupedSet, AgesBecomeBands) {
  EXPECT_EQ(age_band("15"), "0-15");
  EXPECT_EQ(age_band("16"), "16-29");
  EXPECT_EQ(age_band("44"), "30-44");
  EXPECT_EQ(age_band("101"), "60+");
  EXPECT_EQ(age_band("30-44"), "30-44");
  EXPECT_EQ(age_band("-3"), "-3");
}

TEST(GroupedSet, IsReadFromACsvWithoutLabelsAndFromNames) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "pyro_grouped";
  std::filesystem::create_directories(folder / "names");
  std::ofstream(folder / "names" / "35_1_2_2017.jpg.chip.jpg") << "x";
  std::ofstream(folder / "names" / "holiday.jpg") << "x";
  const auto names = read_grouped_set(folder / "names");
  ASSERT_TRUE(names) << names.error().text();
  ASSERT_EQ(names->set.items.size(), 1U);
  EXPECT_FALSE(names->set.labelled);
  EXPECT_EQ(names->set.items[0].groups,
            (std::vector<Group>{{"age", "30-44"}, {"gender", "female"}, {"race", "asian"}}));

  std::ofstream(folder / "labels.csv")
      << "file,age,gender,gender_name,race,race_name\n1.jpg,61,0,male,3,indian\n";
  const auto csv = read_grouped_set(folder);
  ASSERT_TRUE(csv) << csv.error().text();
  EXPECT_FALSE(csv->set.labelled);
  EXPECT_EQ(csv->set.items[0].groups,
            (std::vector<Group>{{"age", "60+"}, {"gender", "male"}, {"race", "indian"}}));
  EXPECT_TRUE(csv->set.items[0].name.ends_with("/1.jpg"));

  std::ofstream(folder / "labels.csv") << "file,weight\n1.jpg,61\n";
  const auto none = read_grouped_set(folder);
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message.find("tells no groups"), std::string::npos);
  std::ofstream(folder / "x.tar.gz") << "no archive";
  EXPECT_FALSE(read_grouped_set(folder)) << "the one archive is none";
  std::filesystem::copy_file(PYRO_SOURCE_DIR "/tests/fuzz/corpus/unpack/no_reason.zip", folder / "x.tar.gz",
                             std::filesystem::copy_options::overwrite_existing);
  const auto no_reason = read_grouped_set(folder);
  ASSERT_FALSE(no_reason) << "libarchive refuses it, and does not say why";
  EXPECT_NE(no_reason.error().message.find("damaged"), std::string::npos) << no_reason.error().text();
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace pyro::datasets
