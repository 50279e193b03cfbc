#include "pyro/surveys/instrument.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "test_support.hpp"

namespace pyro::surveys {
namespace {

using ::testing::HasSubstr;
using testing::kShipped;
using testing::shipped;
using ::testing::StartsWith;

std::string content(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// What is wrong with a shipped definition after a change; "" where it is good.
std::string wrong_with(const std::string& id, const std::function<void(nlohmann::json&)>& change) {
  nlohmann::json json = nlohmann::json::parse(content(kShipped / "instruments" / (id + ".json")));
  change(json);
  const Result<Instrument> instrument =
      parse_instrument(json.dump(), content(kShipped / "instrument.schema.json"), "x.json");
  return instrument ? "" : instrument.error().text();
}

TEST(Instruments, NineAreShippedAndOnlyOursHasWording) {
  std::vector<std::string> ids;
  for (const Instrument& instrument : shipped()) {
    ids.push_back(instrument.id);
    EXPECT_EQ(instrument.wording.empty(), instrument.licence != "own") << instrument.id;
    EXPECT_EQ(instrument.unvalidated, instrument.licence == "own") << instrument.id;
    for (const Scale& scale : instrument.scales) {
      EXPECT_TRUE(scale.bands.empty() ? !scale.cutoff_note.empty() : !scale.cutoff_source.empty())
          << instrument.id;
    }
  }
  EXPECT_THAT(ids, ::testing::ElementsAre("bat-12", "cbi", "checkin", "mbi-gs", "mbi-hss", "olbi", "pss-10",
                                          "pss-4", "who-5"));
  EXPECT_TRUE(shipped("mbi-hss").keep_apart && shipped("mbi-gs").keep_apart);
}

TEST(Instruments, TheSchemaRefusesWhatIsNoDefinition) {
  EXPECT_EQ(wrong_with("pss-10", [](nlohmann::json&) {}), "");
  EXPECT_THAT(wrong_with("pss-10", [](nlohmann::json& json) { json.erase("licence"); }),
              AllOf(StartsWith("x.json: the whole"), HasSubstr("licence")));
  EXPECT_THAT(wrong_with("pss-10", [](nlohmann::json& json) { json["scales"][0]["score"] = "median"; }),
              StartsWith("x.json: scales[0].score is not"));
  EXPECT_THAT(wrong_with("pss-10", [](nlohmann::json& json) { json["items"] = 10.5; }),
              StartsWith("x.json: items is not"));
  EXPECT_THAT(wrong_with("pss-10",
                         [](nlohmann::json& json) {
                           json["reverse"] = {4, 4};
                         }),
              StartsWith("x.json: reverse is not"));
  EXPECT_THAT(wrong_with("pss-10", [](nlohmann::json& json) { json["cut_offs"] = 1; }),
              StartsWith("x.json: the whole is not"));
  EXPECT_THAT(wrong_with("pss-10", [](nlohmann::json& json) { json["id"] = "PSS 10"; }),
              StartsWith("x.json: id is not"));
  EXPECT_THAT(
      wrong_with("pss-10", [](nlohmann::json& json) { json["scales"][0]["cutoffs"].erase("source"); }),
      StartsWith("x.json: scales[0].cutoffs"));
  EXPECT_THAT(parse_instrument("{", "{}", "x.json").error().message, HasSubstr("x.json is no JSON"));
}

TEST(Instruments, ATextThatNoPatternCouldBeHeldAgainstIsRefused) {
  EXPECT_THAT(wrong_with("who-5", [](nlohmann::json& json) { json["id"] = std::string(200'000, 'a'); }),
              HasSubstr("200000 bytes"));
  EXPECT_THAT(wrong_with("who-5", [](nlohmann::json& json) { json[std::string(200'000, 'a')] = 1; }),
              HasSubstr("200000 bytes"));
}

TEST(Instruments, WhatNoSchemaSaysIsCheckedToo) {
  EXPECT_THAT(wrong_with("pss-10", [](nlohmann::json& json) { json["reverse"].push_back(11); }),
              HasSubstr("reverse names item 11, but there are only 10"));
  EXPECT_THAT(wrong_with("pss-10", [](nlohmann::json& json) { json["scales"][0]["items"].push_back(11); }),
              HasSubstr("has item 11, but there are only 10"));
  EXPECT_THAT(wrong_with("pss-10",
                         [](nlohmann::json& json) {
                           json["scales"][0]["items"].erase(3);
                           json["scales"][0]["minimum_answered"] = 9;
                         }),
              HasSubstr("item 4 stands in no scale"));
  EXPECT_THAT(wrong_with("pss-10", [](nlohmann::json& json) { json["answers"]["max"] = 0; }),
              HasSubstr("answers.m"));
  EXPECT_THAT(wrong_with("pss-10", [](nlohmann::json& json) { json["scales"][0]["minimum_answered"] = 11; }),
              HasSubstr("wants 11 answers and has only 10"));
  EXPECT_THAT(wrong_with("pss-10",
                         [](nlohmann::json& json) { json["scales"][0]["cutoffs"]["bands"][2]["from"] = 14; }),
              HasSubstr("cut-offs do not rise: 14 stands after 14"));
  EXPECT_THAT(wrong_with("pss-10",
                         [](nlohmann::json& json) { json["scales"][0]["cutoffs"]["bands"][0]["from"] = 1; }),
              HasSubstr("first cut-off is 1, its least score 0"));
  EXPECT_THAT(wrong_with("pss-10",
                         [](nlohmann::json& json) { json["scales"][0]["cutoffs"]["bands"][2]["from"] = 41; }),
              HasSubstr("41 lies above its greatest score, 40"));
  EXPECT_THAT(
      wrong_with("pss-10",
                 [](nlohmann::json& json) { json["scales"][0]["cutoffs"]["bands"][2]["category"] = "low"; }),
      HasSubstr("\"low\" comes after \"moderate\""));
  EXPECT_THAT(wrong_with("cbi", [](nlohmann::json& json) { json["scales"][1]["items"].push_back(6); }),
              HasSubstr("has item 6, which stands in \"personal\" already"));
  EXPECT_THAT(wrong_with("cbi", [](nlohmann::json& json) { json["scales"][1]["id"] = "personal"; }),
              HasSubstr("\"personal\" comes twice"));
  EXPECT_THAT(wrong_with("mbi-hss", [](nlohmann::json& json) { json["scales"][0]["kind"] = "total"; }),
              HasSubstr("must never be added to one"));
  EXPECT_THAT(wrong_with("mbi-hss",
                         [](nlohmann::json& json) {
                           json["wording"] = {{"en", {{"items", {"a"}}, {"answers", {"b"}}}}};
                         }),
              HasSubstr("holds wording, but its licence is \"licensed\" (Mind Garden, Inc.)"));
  EXPECT_THAT(wrong_with("checkin", [](nlohmann::json& json) { json["wording"]["de"]["items"].erase(0); }),
              HasSubstr("\"de\" must have 6 items and 5 answers"));
}

// docs/surveys.md: its table is made here.
std::string table_of(const std::vector<Instrument>& instruments) {
  const auto numbers = [](const std::vector<int>& items) {
    std::string text;
    for (std::size_t i = 0; i < items.size(); ++i) {
      std::size_t last = i;
      while (last + 1 < items.size() && items[last + 1] == items[last] + 1) ++last;
      text += (text.empty() ? "" : ", ") + std::to_string(items[i]);
      if (last > i + 1) text += "–" + std::to_string(items[last]);
      if (last > i + 1) i = last;
    }
    return text.empty() ? "none" : text;
  };
  const auto number = [](double value) {
    std::ostringstream text;
    text << value;
    return text.str();
  };
  std::string table =
      "| id | questionnaire | items | answers | turned | scale: items | score | category | licence "
      "|\n|---|---|---|---|---|---|---|---|---|\n";
  for (const Instrument& instrument : instruments) {
    std::string front = "`" + instrument.id + "` | " + instrument.title +
                        (instrument.unvalidated ? " (unvalidated)" : "") + " | " +
                        std::to_string(instrument.items) + " | " + std::to_string(instrument.answer_min) +
                        "–" + std::to_string(instrument.answer_max) + " | " + numbers(instrument.reverse);
    std::string licence = instrument.licence + ": " + instrument.licence_holder;
    for (const Scale& scale : instrument.scales) {
      std::string bands;
      for (const Band& band : scale.bands)
        bands += (bands.empty() ? "" : ", ") +
                 (band.category ? std::string(name_of(*band.category)) : "none") + " from " +
                 number(band.from);
      table += std::string("| ").append(front).append(" | ").append(scale.title).append(": ") +
               numbers(scale.items) + " | " + std::string(name_of(scale.rule)) + ", " +
               number(instrument.least(scale)) + "–" + number(instrument.greatest(scale)) +
               (scale.higher_is_strain ? "" : ", high is good") + " | " +
               (bands.empty() ? "none agreed" : bands) + " | " + licence + " |\n";
      front = " | | | | ";
      licence = "";
    }
  }
  return table;
}

TEST(Instruments, TheDocumentsTableIsThatOfTheFiles) {
  const std::string document = content(std::filesystem::path(PYRO_SOURCE_DIR) / "docs" / "surveys.md");
  const std::string begin = "<!-- questionnaires -->\n";
  const std::size_t from = document.find(begin), to = document.find("<!-- end -->", from);
  ASSERT_TRUE(from != std::string::npos && to != std::string::npos);
  EXPECT_EQ(document.substr(from + begin.size(), to - from - begin.size()), table_of(shipped()));
}

}  // namespace
}  // namespace pyro::surveys
