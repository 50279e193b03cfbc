#include "pyro/registry/record.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "pyro/infer/manifest.hpp"

namespace pyro::registry {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

std::string content_of(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

TEST(Version, IsThreeNumbersOrderedAsNumbers) {
  EXPECT_EQ(version_of("1.20.3"), (Version{1, 20, 3}));
  EXPECT_LT(*version_of("1.9.0"), *version_of("1.10.0"));
  EXPECT_EQ(text_of(*version_of("0.0.7")), "0.0.7");
  for (const char* bad : {"", "1", "1.2", "1.2.3.4", "1.2.x", "1..2", "-1.2.3", "01.2.3", "1.2.3 ",
                          "1.2.3-rc1", "99999999999.0.0"})
    EXPECT_FALSE(version_of(bad)) << bad;
}

TEST(Reference, IsANameAndAVersion) {
  const auto reference = reference_of("ward-3_b@1.2.0");
  ASSERT_TRUE(reference);
  EXPECT_EQ(reference->name, "ward-3_b");
  EXPECT_EQ(reference->version, (Version{1, 2, 0}));
  for (const char* bad : {"ward", "@1.0.0", "Ward@1.0.0", "../x@1.0.0", "3ward@1.0.0", "ward@", "ward@1.0"})
    EXPECT_FALSE(reference_of(bad)) << bad;
  EXPECT_FALSE(is_model_name(std::string(65, 'a')));
}

TEST(Record, OfTomlAndOfJsonIsTheSame) {
  const auto toml = parse_record(
      "schema = 1\nname = \"a\"\nparameters = 1_000\n[metrics.x]\naccuracy = 0.5\naccuracy_95 = [0.4, 0.6]\n",
      RecordFormat::toml, "t");
  const auto json = parse_record(
      R"({"metrics":{"x":{"accuracy":0.5,"accuracy_95":[0.4,0.6]}},"name":"a","parameters":1000,"schema":1})",
      RecordFormat::json, "j");
  ASSERT_TRUE(toml) << toml.error().text();
  ASSERT_TRUE(json) << json.error().text();
  EXPECT_EQ(nlohmann::json::parse(toml->dump()), nlohmann::json::parse(json->dump()));
}

class BadRecord : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(BadRecord, IsRefusedAndTheKeyNamed) {
  const auto record = parse_record(GetParam().first, RecordFormat::json, "run/record.json");
  ASSERT_FALSE(record);
  EXPECT_EQ(record.error().code, ErrorCode::bad_input);
  EXPECT_THAT(record.error().text(), HasSubstr("run/record.json"));
  EXPECT_THAT(record.error().text(), HasSubstr(GetParam().second));
}

INSTANTIATE_TEST_SUITE_P(Kinds, BadRecord,
                         ::testing::Values(std::pair{"{", "record"}, std::pair{"[]", "table"},
                                           std::pair{"{}", "schema"}, std::pair{R"({"schema":2})", "schema"},
                                           std::pair{R"({"schema":1,"license":"MIT"})", "license"},
                                           std::pair{R"({"schema":1,"licence":""})", "licence"},
                                           std::pair{R"({"schema":1,"name":"../x"})", "name"},
                                           std::pair{R"({"schema":1,"version":"1"})", "version"},
                                           std::pair{R"({"schema":1,"parent":"expression"})", "parent"},
                                           std::pair{R"({"schema":1,"parameters":-3})", "parameters"},
                                           std::pair{R"({"schema":1,"metrics":0.7})", "metrics"},
                                           std::pair{R"({"schema":1,"data":{"fingerprint":"abc"}})",
                                                     "fingerprint"}));

TEST(Record, BrokenTomlNamesTheLine) {
  const auto record = parse_record("schema = 1\nname = \n", RecordFormat::toml, "card.toml");
  ASSERT_FALSE(record);
  EXPECT_THAT(record.error().text(), HasSubstr("card.toml, line 2"));
}

// A figure or checksum in a card and in the manifest would be two copies to keep by hand.
TEST(Record, EveryShippedCardIsOneAndAgreesWithTheManifest) {
  const fs::path models = fs::path(PYRO_SOURCE_DIR) / "models";
  const auto entries = infer::parse_manifest(content_of(models / "manifest.toml"), "manifest.toml");
  ASSERT_TRUE(entries);
  for (const infer::ModelEntry& entry : *entries) {
    const std::string text = content_of(models / entry.card);
    const auto card = parse_record(text, RecordFormat::toml, entry.card);
    ASSERT_TRUE(card) << card.error().text();
    EXPECT_EQ(text_at(*card, "licence"), entry.licence) << entry.card;
    EXPECT_EQ(card->value("version", entry.version), entry.version) << entry.card;
    EXPECT_FALSE(text_at(*card, "task").empty()) << entry.card;
    EXPECT_EQ(text.find(entry.file.sha256), std::string::npos) << entry.card;
  }
}

}  // namespace
}  // namespace pyro::registry
