#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>
#include <set>
#include <sstream>

#include "pyro/base/notice.hpp"
#include "pyro/fhir/bundle.hpp"

namespace pyro::fhir {
namespace {

using testing::HasSubstr;
using Json = nlohmann::ordered_json;

Session session() {
  Session session;
  session.software_version = "0.1.0";
  session.complete = true;
  session.written = "2026-03-02T09:21:00.000000Z";
  session.models = {{"face_detector", "1.0.0"}, {"expression", "1.1.0"}};
  session.settings = "alpha=1;beta=1;gamma=0;lambda=0.7;window_s=60;profile=thesis";
  session.settings_hash = "7cd247da0ffef974";
  session.start = "2026-03-02T09:00:00.000000Z";
  session.end = "2026-03-02T09:20:00.500000Z";
  session.frames = 30000;
  session.valid_frames = 28000;
  session.mean_score = -0.25;
  session.volatility = 0.0625;
  session.score_final = -0.15625;
  session.index = 31.25;
  session.perclos = 0.125;
  session.blink_rate_per_min = 17.5;
  session.probabilities = {0.125, 0.0, 0.0625, 0.5, 0.0625, 0.0, 0.25};
  return session;
}

Consent consent() {
  return {"P017",       "research",   "active",    "study of strain over a term",
          "2026-02-20", "2026-03-01", "2026-06-30"};
}

Surveys surveys_of(const std::string& csv, const std::string& person = "P017") {
  const auto read = read_surveys(std::make_unique<std::istringstream>(csv), "survey.csv", person);
  EXPECT_TRUE(read) << read.error().text();
  return read ? *read : Surveys{};
}
std::string error_of(const std::string& csv) {
  const auto read = read_surveys(std::make_unique<std::istringstream>(csv), "survey.csv", "P017");
  EXPECT_FALSE(read);
  return read ? "" : read.error().text();
}

const std::string kResponses =
    "person,time_utc,instrument,version,language,item1,item2,item3,item4\n"
    "P016,2026-03-02T10:00:00.000000Z,pss-4,1,de,1,2,3,4\n"
    "P017,2026-03-02T10:00:00.000000Z,pss-4,1,de,1,,3,0\n";
const std::string kScores =
    "person,time_utc,instrument,version,scale,score,percent,category,answered,items\n"
    "P017,2026-03-02T10:00:00.000000Z,pss-4,1,total,5,31.25,low,4,4\n"
    "P017,2026-03-02T10:00:00.000000Z,who-5,1,total,,,,2,5\n";

Export everything() {
  Export what{"P017", session(), true, surveys_of(kResponses), consent()};
  what.surveys.scores = surveys_of(kScores).scores;
  return what;
}

// tests/reference/check_fhir.py holds this very file against the published structure: what differs from it
// has to be held against it again.
TEST(Fhir, TheBundleIsTheOneThatWasHeldAgainstThePublishedStructure) {
  const auto bundle = bundle_of(everything());
  ASSERT_TRUE(bundle);
  const std::string text = bundle->dump(1) + "\n";
  const std::filesystem::path golden =
      std::filesystem::path(PYRO_SOURCE_DIR) / "tests/golden/fhir_bundle.json";
  if (std::getenv("PYROMETER_RECORD") != nullptr) std::ofstream(golden) << text;
  std::ifstream file(golden);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), text)
      << "if that is meant: PYROMETER_RECORD=1 fhir_test, then tests/reference/check_fhir.py";
}

// Every object with a key, at any depth.
void gather(const Json& json, const std::string& key, std::vector<Json>& found) {
  if (json.is_object() && json.contains(key)) found.push_back(json);
  if (json.is_structured())
    for (const Json& one : json) gather(one, key, found);
}

TEST(Fhir, ReferencesLeadToEntriesAndSentTwiceNothingIsThereTwice) {
  const auto bundle = bundle_of(everything());
  ASSERT_TRUE(bundle);
  std::set<std::string> urls;
  for (const Json& entry : bundle->at("entry")) {
    EXPECT_TRUE(urls.insert(entry.at("fullUrl").get<std::string>()).second);
    EXPECT_THAT(entry.at("request").at("ifNoneExist").get<std::string>(),
                HasSubstr("identifier=urn:pyrometer:"));
  }
  std::vector<Json> references;
  gather(*bundle, "reference", references);
  EXPECT_GE(references.size(), 7U);
  for (const Json& one : references)
    EXPECT_TRUE(urls.contains(one.at("reference").get<std::string>())) << one;
  EXPECT_EQ(bundle_of(everything())->dump(), bundle->dump());
  Export other = everything();
  other.session.end = "2026-03-02T09:21:00.000000Z";
  EXPECT_NE(bundle_of(other)->at("entry").at(3).at("fullUrl"), bundle->at("entry").at(3).at("fullUrl"));
}

TEST(Fhir, ASessionSaysWhatItIsNotAndAGapIsNoZero) {
  Export what{"P017", session(), true, {}, {}};
  what.session.index = what.session.mean_score = std::nullopt;
  what.session.probabilities = std::nullopt;
  const auto bundle = bundle_of(what);
  ASSERT_TRUE(bundle);
  ASSERT_EQ(bundle->at("entry").size(), 3U);
  const Json& observation = bundle->at("entry").at(2).at("resource");
  EXPECT_EQ(observation.at("note").at(0).at("text"), kNotice);
  EXPECT_FALSE(observation.contains("valueQuantity"));
  EXPECT_TRUE(observation.contains("dataAbsentReason"));
  int absent = 0;
  for (const Json& component : observation.at("component")) {
    EXPECT_NE(component.contains("valueQuantity"), component.contains("dataAbsentReason"));
    absent += component.contains("dataAbsentReason") ? 1 : 0;
  }
  EXPECT_EQ(absent, 8);
  // Of a person there is nothing but the pseudonym.
  EXPECT_EQ(bundle->at("entry").at(0).at("resource").size(), 2U);
}

TEST(Fhir, WhatAConsentDoesNotCoverIsNotExported) {
  const auto refused = [](auto change) {
    Export what = everything();
    change(what);
    const auto bundle = bundle_of(what);
    EXPECT_FALSE(bundle);
    return bundle ? "" : bundle.error().message;
  };
  EXPECT_THAT(refused([](Export& e) { e.consent->person = "P018"; }), HasSubstr("P018"));
  EXPECT_THAT(refused([](Export& e) { e.consent->status = "inactive"; }), HasSubstr("inactive"));
  EXPECT_THAT(refused([](Export& e) { e.consent->from = "2026-03-03"; }), HasSubstr("the session"));
  EXPECT_THAT(refused([](Export& e) { e.consent->until = "2026-03-01"; }), HasSubstr("the session"));
  EXPECT_THAT(refused([](Export& e) { e.surveys.scores[0].time = "2026-07-01T00:00:00Z"; }),
              HasSubstr("the questionnaire of 2026-07-01"));
  EXPECT_THAT(refused([](Export& e) { e.person = "Jo Doe"; }), HasSubstr("pseudonym"));
  Export open = everything();
  open.consent->until.clear();
  EXPECT_TRUE(bundle_of(open));
}

TEST(Fhir, SurveyFilesAreReadOrRefusedByLineAndColumn) {
  const Surveys responses = surveys_of(kResponses);
  ASSERT_EQ(responses.responses.size(), 1U);
  EXPECT_EQ(responses.responses[0].answers, (std::vector<std::optional<int>>{1, {}, 3, 0}));
  EXPECT_EQ(surveys_of(kScores).scores.size(), 2U);
  const std::string head = "person,time_utc,instrument,version,language,item1\n";
  EXPECT_THAT(error_of(""), HasSubstr("neither responses nor scores"));
  EXPECT_THAT(error_of("person,time_utc,instrument,version,language,item2\n"), HasSubstr("neither"));
  EXPECT_THAT(error_of(head + "P016,2026-03-02T10:00:00Z,x,1,,1\n"), HasSubstr("check the pseudonym"));
  EXPECT_THAT(error_of(head + "P017,yesterday,x,1,,1\n"), HasSubstr("line 2, column time_utc"));
  EXPECT_THAT(error_of(head + "P017,2026-02-30T10:00:00Z,x,1,,1\n"), HasSubstr("time_utc"));
  EXPECT_THAT(error_of(head + "P017,2026-03-02T10:00:00Z,x y,1,,1\n"), HasSubstr("column instrument"));
  EXPECT_THAT(error_of(head + "P017,2026-03-02T10:00:00Z,x,1,,1.5\n"), HasSubstr("column item1"));
  EXPECT_THAT(error_of(head + "P017,2026-03-02T10:00:00Z,x,1\n"), HasSubstr("4 cells"));
  const std::string scores = kScores.substr(0, kScores.find('\n') + 1);
  EXPECT_THAT(error_of(scores + "P017,2026-03-02T10:00:00Z,x,1,t,nan,,,1,1\n"), HasSubstr("column score"));
  EXPECT_THAT(error_of(scores + "P017,2026-03-02T10:00:00Z,x,1,t,1,,huge,1,1\n"),
              HasSubstr("column category"));
}

TEST(Fhir, AConsentIsReadOrRefused) {
  const auto file = std::filesystem::temp_directory_path() / ("pyro_consent_" + std::to_string(::getpid()));
  const auto read = [&](const std::string& text) {
    std::ofstream(file) << text;
    return read_consent(file);
  };
  const std::string good =
      R"({"schema":"pyrometer-consent/1","person":"P017","scope":"research","status":"active",)"
      R"("purpose":"a study","given":"2026-02-20","from":"2026-03-01","until":"2026-06-30"})";
  ASSERT_TRUE(read(good));
  EXPECT_TRUE(read(good)->covers("2026-06-30T23:59:59Z"));
  EXPECT_FALSE(read(good)->covers("2026-07-01T00:00:00Z"));
  const auto wrong = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    const auto consent = read(text);
    EXPECT_FALSE(consent) << text;
    return consent ? "" : consent.error().message;
  };
  EXPECT_THAT(wrong("consent/1", "consent/2"), HasSubstr("schema"));
  EXPECT_THAT(wrong("research", "marketing"), HasSubstr("scope"));
  EXPECT_THAT(wrong("active", "proposed"), HasSubstr("status"));
  EXPECT_THAT(wrong("a study", " "), HasSubstr("purpose"));
  EXPECT_THAT(wrong("2026-06-30", "2026-02-30"), HasSubstr("days"));
  EXPECT_THAT(wrong("2026-06-30", "2026-01-30"), HasSubstr("before"));
  EXPECT_THAT(wrong("given", "signed"), HasSubstr("signed"));
  EXPECT_THAT(wrong("P017", "Jo Doe"), HasSubstr("pseudonym"));
  EXPECT_FALSE(read("[]"));
  EXPECT_FALSE(read("{"));
  std::filesystem::remove(file);
}

TEST(Fhir, ARunIsReadOrRefused) {
  const auto run = std::filesystem::temp_directory_path() / ("pyro_fhir_run_" + std::to_string(::getpid()));
  std::filesystem::create_directories(run);
  const std::string person =
      R"({"face_id":0,"start":"2026-03-02T09:00:00.000000Z","frames":3,"valid_frames":2,"mean_score":-0.5,)"
      R"("volatility":0.0,"score_final":null,"index":25.0,"perclos":null,"blink_rate_per_min":null})";
  const auto write = [&](const std::string& persons) {
    std::ofstream(run / "session.json")
        << R"({"schema":"pyrometer-session/1","software":{"version":"0.1.0"},"state":"finished",)"
           R"("written":"2026-03-02T09:21:00.000000Z","models":[{"name":"expression","version":"1.1.0"}],)"
           R"("settings":{"text":"alpha=1","hash":"ab"},"persons":[)"
        << persons << "]}";
  };
  write(person);
  EXPECT_FALSE(read_session(run, {})) << "no frames.csv";
  std::ofstream(run / "frames.csv")
      << "frame,time_s,utc,face_id,valid,angry,disgust,fear,happy,sad,surprise,neutral\n"
         "0,0,2026-03-02T09:00:00.000000Z,0,1,0,0,0,1,0,0,0\n"
         "1,1,2026-03-02T09:00:01.000000Z,0,1,0,0,0,0.5,0,0,0.5\n"
         "1,1,2026-03-02T09:00:01.000000Z,1,1,1,0,0,0,0,0,0\n"
         "2,2,2026-03-02T09:00:02.000000Z,0,0,,,,,,,\n"
         "3,3,2026-03-02T09:00:03.000000Z,1,1,1,0,0,0,0,0,0\n";
  const auto session = read_session(run, {});
  ASSERT_TRUE(session) << session.error().text();
  EXPECT_EQ(session->probabilities->at(3), 0.75);
  EXPECT_EQ(session->probabilities->at(0), 0);
  EXPECT_EQ(session->end, "2026-03-02T09:00:02.000000Z");
  EXPECT_FALSE(session->score_final);
  EXPECT_EQ(read_session(run, 7).error().code, ErrorCode::wrong_use);
  std::string second = person;
  second.replace(second.find(":0,"), 3, ":1,");
  write(person + "," + second);
  EXPECT_THAT(read_session(run, {}).error().message, HasSubstr("--face-id"));
  ASSERT_TRUE(read_session(run, 1));
  EXPECT_EQ(read_session(run, 1)->probabilities->at(0), 1);
  write("");
  EXPECT_THAT(read_session(run, {}).error().message, HasSubstr("no person"));
  std::ofstream(run / "session.json") << "{}";
  EXPECT_FALSE(read_session(run, {}));
  std::filesystem::remove_all(run);
}

}  // namespace
}  // namespace pyro::fhir
