#include "pyro/infer/manifest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace pyro::infer {
namespace {

using ::testing::HasSubstr;

const std::string kHash(64, 'a');

std::string entry(const std::string& name, const std::string& more = "") {
  return "[[model]]\nname = \"" + name +
         "\"\nversion = \"1\"\norigin = \"own\"\npath = \"x/y.xml\"\nbytes = 3\nsha256 = \"" + kHash +
         "\"\nlicence = \"MIT\"\nsource = \"here\"\ncard = \"x/card.toml\"\n" + more;
}

TEST(Manifest, ReadsTheRepositorysOwn) {
  std::ifstream stream(std::string(PYRO_SOURCE_DIR) + "/models/manifest.toml");
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  const auto entries = parse_manifest(text, "manifest.toml");
  ASSERT_TRUE(entries) << entries.error().text();
  EXPECT_GE(entries->size(), 9U);
}

TEST(Manifest, ReadsAnEntryWithWeights) {
  const auto entries = parse_manifest(
      "schema = 1\n" +
          entry("a", "weights_path = \"x/y.bin\"\nweights_bytes = 9\nweights_sha256 = \"" + kHash + "\"\n"),
      "m");
  ASSERT_TRUE(entries) << entries.error().text();
  EXPECT_EQ(entries->front().weights.path, "x/y.bin");
  EXPECT_EQ(entries->front().weights.bytes, 9U);
  EXPECT_EQ(entries->front().origin, Origin::own);
}

struct Bad {
  std::string text, says;
};
class BadManifest : public ::testing::TestWithParam<Bad> {};

TEST_P(BadManifest, IsRefusedWithTheReason) {
  const auto entries = parse_manifest(GetParam().text, "models/manifest.toml");
  ASSERT_FALSE(entries);
  EXPECT_EQ(entries.error().code, ErrorCode::bad_input);
  EXPECT_THAT(entries.error().text(), HasSubstr(GetParam().says));
  EXPECT_THAT(entries.error().text(), HasSubstr("models/manifest.toml"));
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, BadManifest,
    ::testing::Values(Bad{"schema = 1\n[[model]\n", "not valid TOML"},
                      Bad{"schema = 2\n" + entry("a"), "schema"}, Bad{"schema = 1\n", "no [[model]]"},
                      Bad{"schema = 1\n" + entry("a") + entry("a"), "comes twice"},
                      Bad{"schema = 1\n" + replaced(entry("a"), "x/y.xml", "../y.xml"), "stay below"},
                      Bad{"schema = 1\n" + replaced(entry("a"), "x/y.xml", "/etc/passwd"), "stay below"},
                      Bad{"schema = 1\n" + replaced(entry("a"), kHash, "abc"), "64 lower-case"},
                      Bad{"schema = 1\n" + replaced(entry("a"), "bytes = 3", "bytes = -3"), "positive"},
                      // Found by the fuzzer: beyond what a whole number holds.
                      Bad{"schema = 1\n" + replaced(entry("a"), "bytes = 3", "bytes = 1e28"), "positive"},
                      Bad{"schema = 1e28\n" + entry("a"), "schema must be 1"},
                      Bad{"schema = 1\n" + replaced(entry("a"), "version", "versoin"), "versoin"},
                      Bad{"schema = 1\n" + replaced(entry("a"), "\"own\"", "\"mine\""), "origin"}));

}  // namespace
}  // namespace pyro::infer
