#include "pyro/surveys/definition.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "test_support.hpp"

namespace pyro::surveys {
namespace {

using Json = nlohmann::json;
using testing::kShipped;
using testing::shipped;

Json schema() {
  std::ifstream file(kShipped / "instrument.schema.json");
  return Json::parse(file);
}

Definition checked(const Json& document, Home home = Home::site) {
  const auto definition = check_definition(document, schema(), home);
  EXPECT_TRUE(definition) << definition.error().text();
  return definition ? *definition : Definition{};
}

// "rule at", of each fault.
std::vector<std::string> faults_after(const std::string& id, const std::function<void(Json&)>& change) {
  Json document = definition_of(shipped(id));
  change(document);
  std::vector<std::string> out;
  for (const Fault& fault : checked(document).faults) out.push_back(fault.rule + " " + fault.at);
  return out;
}

TEST(Definitions, AreReadBackAsTheyWereWritten) {
  for (const Instrument& instrument : shipped()) {
    const Definition back = checked(definition_of(instrument), Home::shipped);
    EXPECT_TRUE(back.faults.empty()) << instrument.id;
    ASSERT_TRUE(back.instrument) << instrument.id;
    EXPECT_EQ(definition_of(*back.instrument), definition_of(instrument));
    EXPECT_EQ(to_json(*back.instrument), to_json(instrument));
  }
}

TEST(Definitions, EveryFaultIsToldAtItsPlace) {
  EXPECT_THAT(faults_after("pss-10",
                           [](Json& json) {
                             json["title"] = "";
                             json["scales"][0]["cutoffs"]["source"] = "";
                             json["reverse"].push_back(11);
                           }),
              ::testing::UnorderedElementsAre("empty /title", "empty /scales/0/cutoffs/source",
                                              "unknown-item /reverse"));
  EXPECT_THAT(faults_after("cbi",
                           [](Json& json) {
                             json["scales"][0]["items"] = {1, 2, 3, 4, 5, 7};
                             json["scales"][1]["cutoffs"]["bands"][0]["from"] = 5;
                             json["scales"][2]["cutoffs"]["bands"][2]["from"] = 40;
                           }),
              ::testing::UnorderedElementsAre("two-subscales /scales/1/items", "in-no-scale /items",
                                              "first-cutoff /scales/1/cutoffs/bands/0/from",
                                              "cutoffs-rise /scales/2/cutoffs/bands/2/from"));
  EXPECT_THAT(faults_after("pss-10",
                           [](Json& json) {
                             json["scales"][0]["cutoffs"] = {{"none", ""}};
                           }),
              ::testing::ElementsAre("empty /scales/0/cutoffs/none"));
  EXPECT_THAT(faults_after("checkin", [](Json& json) { json["wording"]["es"]["items"][2] = ""; }),
              ::testing::ElementsAre("empty /wording/es/items/2"));
  EXPECT_THAT(faults_after("checkin", [](Json& json) { json["scales"] = Json::array(); }),
              ::testing::UnorderedElementsAre("empty /scales", "in-no-scale /items", "in-no-scale /items",
                                              "in-no-scale /items", "in-no-scale /items",
                                              "in-no-scale /items", "in-no-scale /items"));
  EXPECT_THAT(faults_after("checkin", [](Json& json) { json["a/b~c"] = 1; }),
              ::testing::ElementsAre("form "));
}

TEST(Definitions, AnswersAreScoredWhereOnlyTextsAreMissing) {
  Json document = definition_of(shipped("pss-4"));
  EXPECT_TRUE(checked(document).can_score());
  document["key_source"] = "";
  EXPECT_TRUE(checked(document).can_score());
  document["scales"][0]["items"].push_back(9);
  EXPECT_FALSE(checked(document).can_score());
  document.erase("scales");
  EXPECT_FALSE(checked(document).can_score());
}

TEST(Definitions, ASiteMayKeepWordingThatItHasALicenceFor) {
  Json document = definition_of(shipped("pss-4"));
  document["wording"]["en"] = {{"items", {"a", "b", "c", "d"}}, {"answers", {"0", "1", "2", "3", "4"}}};
  EXPECT_TRUE(checked(document).faults.empty());
  ASSERT_EQ(checked(document, Home::shipped).faults.size(), 1U);
  EXPECT_EQ(checked(document, Home::shipped).faults[0].rule, "wording-of-another");
}

TEST(Definitions, CountAlikeWhereTheKeyIsTheSame) {
  const Instrument& before = shipped("checkin");
  Instrument after = before;
  after.wording.clear(), after.scales[0].title = "x";
  EXPECT_TRUE(counts_alike(before, after, "total"));
  EXPECT_FALSE(counts_alike(before, after, "nothing"));
  after.reverse = {2, 4};
  EXPECT_FALSE(counts_alike(before, after, "total"));
  after = before, after.answer_max = 5;
  EXPECT_FALSE(counts_alike(before, after, "total"));
  after = before, after.scales[0].items.pop_back();
  EXPECT_FALSE(counts_alike(before, after, "total"));
}

}  // namespace
}  // namespace pyro::surveys
