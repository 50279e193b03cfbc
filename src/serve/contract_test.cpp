#include "contract.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "office.hpp"

namespace pyro::serve {
namespace {

std::string the_contract() {
  std::ifstream stream(std::string(PYRO_SOURCE_DIR) + "/contracts/openapi.yaml");
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

class ContractTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto contract = Contract::parse(the_contract());
    ASSERT_TRUE(contract) << contract.error().text();
    contract_.emplace(std::move(*contract));
  }
  Request request(const std::string& method, const std::string& path, const std::string& query = "",
                  const std::string& body = "") {
    Request out;
    out.method = method, out.path = path, out.query = query, out.body = body;
    if (!body.empty()) out.headers.emplace_back("content-type", "application/json");
    return out;
  }
  int status_of_body(const std::string& operation, const std::string& body) {
    for (const Operation& one : contract_->operations()) {
      if (one.id != operation) continue;
      const auto read = contract_->body(one, request(one.method, one.path, "", body));
      return read ? 200 : read.error().status;
    }
    return 0;
  }
  std::optional<Contract> contract_;
};

TEST_F(ContractTest, FindsOperationsByMethodAndPath) {
  const auto one = contract_->match("GET", "/api/v1/people/abc");
  ASSERT_TRUE(one);
  EXPECT_EQ(one->operation->id, "getPerson");
  EXPECT_EQ(one->path.at("person"), "abc");
  EXPECT_EQ(one->operation->subject.table, "person");
  EXPECT_EQ(contract_->match("GET", "/api/v1/people/").error().status, 404) << "an empty segment is no id";
}

TEST_F(ContractTest, APathInWordsIsNoRecordOfThatName) {
  const std::string pictures = "/api/v1/datasets/00000000-0000-7000-8000-000000000000/pictures/";
  const auto labels = contract_->match("POST", pictures + "labels");
  ASSERT_TRUE(labels);
  EXPECT_EQ(labels->path.size(), 1U);
  const auto refused = contract_->match("GET", pictures + "labels");
  ASSERT_FALSE(refused) << refused->operation->id;
  EXPECT_EQ(refused.error().status, 405);
  EXPECT_EQ(refused.error().more.at("allow"), "POST");
  EXPECT_TRUE(contract_->match("GET", pictures + "00000000-0000-7000-8000-000000000000"));
}

TEST_F(ContractTest, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(contract_->match("GET", "/api/v1/nothing").error().status, 404);
  EXPECT_EQ(contract_->match("PUT", "/api/v1/people").error().status, 405);
  EXPECT_EQ(contract_->match("GET", "").error().status, 404);
  EXPECT_EQ(contract_->match("GET", "/api/v1/people/%zz").error().status, 404);
}

// The validator's own matching of patterns ends the process at some 20,000 characters.
TEST_F(ContractTest, LongTextsAreReadLikeShortOnes) {
  const auto user = [](std::size_t length) {
    return R"({"role":"clinician","name":")" + std::string(length, 'a') + "\"}";
  };
  EXPECT_EQ(status_of_body("makeUser", user(80)), 200);
  for (const std::size_t length : {81U, 2399U, 2400U, 2401U, 30'000U, 64'000U})
    EXPECT_EQ(status_of_body("makeUser", user(length)), 422) << length;
  const auto note = [](std::size_t length, const std::string& end) {
    std::string text = "a";
    for (std::size_t i = 0; i < length; ++i) text += "\xf0\x9f\x98\x80";
    return R"({"session":"00000000-0000-7000-8000-000000000000","text":")" + text + end + "\"}";
  };
  EXPECT_EQ(status_of_body("makeNote", note(9'999, "")), 200);
  EXPECT_EQ(status_of_body("makeNote", note(10'000, "")), 422);
  EXPECT_EQ(status_of_body("makeNote", note(5'000, "\\u0000")), 422) << "what is not allowed at the end";
  EXPECT_EQ(status_of_body("makeNote", note(5'000, "\\u0001")), 200);
  EXPECT_EQ(status_of_body("makeNote", note(600, "")), 200) << "a letter that two pieces would share";
  EXPECT_EQ(status_of_body("makeUser", "{\"" + std::string(30'000, 'x') + "\":1}"), 422) << "a member's name";
}

TEST_F(ContractTest, ReadsParametersByTheirType) {
  const auto match = contract_->match("GET", "/api/v1/audit");
  ASSERT_TRUE(match);
  const auto read = [&](const std::string& query) {
    return contract_->parameters(*match, request("GET", "/api/v1/audit", query));
  };
  EXPECT_EQ(read("limit=7&before=9")->at("limit"), 7);
  for (const char* wrong : {"limit=0", "limit=1.5", "limit=x", "limit=7&limit=8", "colour=red", "person=1",
                            "limit=%", "before=%ff", "limit"})
    EXPECT_EQ(read(wrong).error().status, 400) << wrong;
}

TEST_F(ContractTest, HoldsBodiesAgainstTheirSchema) {
  EXPECT_EQ(status_of_body("login", R"({"name":"a","password":"b"})"), 200);
  EXPECT_EQ(status_of_body("login", R"({"name":"a"})"), 422);
  EXPECT_EQ(status_of_body("login", R"({"name":"a","password":"b","more":1})"), 422);
  EXPECT_EQ(status_of_body("login", "{"), 400);
  EXPECT_EQ(status_of_body("login", "\xff"), 400);
  EXPECT_EQ(status_of_body("login", std::string(5000, '[')), 400);
  EXPECT_EQ(status_of_body("login", ""), 400);
  EXPECT_EQ(status_of_body("logout", "{}"), 400);
}

TEST_F(ContractTest, TakesAWholeNumberHoweverItIsWritten) {
  const std::string row = R"("time_s":1,"utc":"2026-01-31T12:00:00Z","face_id":0,"valid":true}]})";
  EXPECT_EQ(
      status_of_body("makeJob", R"({"kind":"validate","options":{"instrument":"who-5","scale":"total"}})"),
      200);
  EXPECT_EQ(status_of_body("makeJob", R"({"kind":"validate","options":{"epochs":3}})"), 422);
  EXPECT_EQ(status_of_body("makeJob", R"({"kind":"bake"})"), 422);
  EXPECT_EQ(status_of_body("makeJob", R"({"kind":3})"), 422);
  EXPECT_EQ(status_of_body("makeJob", R"([])"), 422);
  EXPECT_EQ(status_of_body("sendObservations", R"({"observations":[{"frame":3.0,)" + row), 200);
  EXPECT_EQ(status_of_body("sendObservations", R"({"observations":[{"frame":3.5,)" + row), 422);
}

TEST(Decoded, KnowsPercentAndNothingElse) {
  EXPECT_EQ(decoded("a%20b+c", true), "a b c");
  EXPECT_EQ(decoded("a+c", false), "a+c");
  for (const char* wrong : {"%", "%4", "%zz", "%ff", "%00"}) EXPECT_FALSE(decoded(wrong, false)) << wrong;
}

TEST(Pages, OneWhoseRowsWereAllLeftOutNamesNoLastRow) {
  EXPECT_EQ(page_json({{}, true}), (Json{{"rows", Json::array()}, {"next", nullptr}}));
  EXPECT_EQ(page_json({{{{"id", "a"}}, {{"id", "b"}}}, true})["next"], "b");
  EXPECT_TRUE(page_json({{{{"id", "a"}}}, false})["next"].is_null());
}

}  // namespace
}  // namespace pyro::serve
