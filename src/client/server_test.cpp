#include "pyro/client/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "answer.hpp"

namespace pyro::client {
namespace {

using ::testing::HasSubstr;

TEST(Origin, IsWhatTheServerIsNamedBy) {
  EXPECT_EQ(*origin_of("https://Ward.example.ORG"), "https://ward.example.org:443");
  EXPECT_EQ(*origin_of("https://localhost:8443/"), "https://localhost:8443");
  EXPECT_EQ(*origin_of("https://[::1]:8443"), "https://[::1]:8443");
}

TEST(Origin, RefusesWhatWouldSendATokenInTheClearOrElsewhere) {
  for (const char* wrong : {"http://localhost:8443", "localhost:8443", "https://", "https://a:b@localhost",
                            "", "https://localhost/api", "https://localhost/?x=1", "ftp://localhost",
                            "https://a b", "file:///etc/passwd", "https://localhost#x"}) {
    const Result<std::string> origin = origin_of(wrong);
    ASSERT_FALSE(origin) << wrong << " gave " << *origin;
    EXPECT_EQ(origin.error().code, ErrorCode::wrong_use) << wrong;
    EXPECT_THAT(origin.error().message, HasSubstr("https://")) << wrong;
  }
}

TEST(Printable, TakesOrdersToATerminalOut) {
  EXPECT_EQ(printable("a\x1b[31mb\r\nc\x7f"), "a [31mb  c ");
  EXPECT_EQ(printable("x\xC2\x9By\xC3\xA4z"), "x y\xC3\xA4z");
  EXPECT_EQ(printable(std::string(50, 'a'), 10), std::string(10, 'a') + "…");
  EXPECT_EQ(printable("aaa\xC3\xA4"
                      "b",
                      4),
            "aaa\xC3\xA4…")
      << "no letter is cut in two";
}

Reply problem(int status, const std::string& detail) {
  Reply reply;
  reply.status = status;
  reply.type = "application/problem+json";
  reply.body =
      Json{{"type", "urn:x"}, {"title", "No"}, {"status", status}, {"detail", detail}, {"request_id", "r1"}}
          .dump();
  return reply;
}

TEST(Answers, BecomeErrorsByWhoseFaultTheyAre) {
  const auto code = [](int status) {
    return refusal_of(problem(status, "Why."), "https://s:1", "GET /x").code;
  };
  for (const int status : {401, 403}) EXPECT_EQ(code(status), ErrorCode::wrong_use) << status;
  for (const int status : {400, 404, 409, 412, 413, 415, 422})
    EXPECT_EQ(code(status), ErrorCode::bad_input) << status;
  for (const int status : {301, 307, 429, 500, 503}) EXPECT_EQ(code(status), ErrorCode::failed) << status;
}

TEST(Answers, SayWhatTheServerSaidAndTheWayOut) {
  const Error error = refusal_of(problem(401, "Sign in\x1b[2J."), "https://s:1", "GET /x");
  EXPECT_EQ(
      error.message,
      "https://s:1: No: Sign in [2J; sign in by pyrometer login --server https://s:1, or give a token by "
      "PYROMETER_TOKEN or --token-file");
  EXPECT_EQ(error.context, "GET /x, request r1");
}

TEST(Answers, OfSomethingElseAreNoAnswers) {
  Reply reply;
  reply.status = 200;
  reply.type = "text/html";
  reply.body = "<html>";
  EXPECT_FALSE(json_of(reply, "https://s:1", "GET /x"));
  reply.type = "application/json";
  for (const std::string& body :
       {std::string("{"), std::string(100'000, '['), std::string{}, std::string("\xff\xfe")}) {
    reply.body = body;
    const Result<Json> json = json_of(reply, "https://s:1", "GET /x");
    ASSERT_FALSE(json) << body.substr(0, 10);
    EXPECT_EQ(json.error().code, ErrorCode::failed);
  }
  reply.body = R"({"a": [1, 2, {"b": null}]})";
  EXPECT_TRUE(json_of(reply, "https://s:1", "GET /x"));
  // A page of another kind under one of our statuses is not the input's fault.
  Reply other;
  other.status = 404;
  other.type = "text/html";
  EXPECT_EQ(refusal_of(other, "https://s:1", "GET /x").code, ErrorCode::failed);
}

TEST(AServer, IsAskedWithATokenThatCanBeOne) {
  EXPECT_TRUE(Server::open({"https://localhost:1", {}, "pyro_abc"}, {}));
  for (const char* wrong : {"a b", "a\nX-Other: 1", "\xC3\xA4"}) {
    const auto server = Server::open({"https://localhost:1", {}, wrong}, {});
    ASSERT_FALSE(server) << wrong;
    EXPECT_EQ(server.error().code, ErrorCode::wrong_use);
  }
}

TEST(AServer, ThatIsNotThereIsSaidToBeAway) {
  auto server = Server::open({"https://127.0.0.1:1", {}, "t"}, {});
  ASSERT_TRUE(server);
  const Result<Json> reply = server->post("logout", nullptr);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, ErrorCode::failed);
  EXPECT_THAT(reply.error().message, HasSubstr("nobody answers at https://127.0.0.1:1"));
}

}  // namespace
}  // namespace pyro::client
