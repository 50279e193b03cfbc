#include "pyro/capture/camera.hpp"

#include <gtest/gtest.h>

#include <string_view>

#include "reply_filter.hpp"

namespace pyro::capture {
namespace {

using Protocol = ReplyFilter::Protocol;

// What is passed on of an answer; nullopt: the connection is ended there.
std::optional<std::string> passed(Protocol protocol, std::string_view answer) {
  ReplyFilter filter{protocol};
  std::string out;
  return filter.pass(answer, out) ? std::optional{out} : std::nullopt;
}

TEST(ReplyFilter, AnswersAndDataArePassedOnAsTheyAre) {
  using namespace std::string_view_literals;
  const std::string_view rtsp =
      "RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\n\r\n"
      "RTSP/1.0 200 OK\r\nContent-Length: 9\r\n\r\nv=0\r\n\r\n\r\n"
      "$\x00\x00\x04\r\n\r\nRTSP/1.0 200 OK\r\n\r\n"
      "OPTIONS rtsp://x/ RTSP/1.0\r\nCSeq: 1\r\n\r\n"sv;
  EXPECT_EQ(passed(Protocol::rtsp, rtsp), rtsp);
  const std::string_view http = "HTTP/1.1 200 OK\r\nContent-Type: x\r\n\r\n--x\r\nHTTP/1.1 302 body\r\n\r\n";
  EXPECT_EQ(passed(Protocol::http, http), http) << "what stands in a body is no answer";
}

TEST(ReplyFilter, NothingThatSendsElsewhereOrCouldBeReadTwoWaysIs) {
  using namespace std::string_view_literals;
  for (const std::string_view head :
       {"RTSP/1.0 302 Found\r\nLocation: rtsp://h/\r\n\r\n"sv, "RTSP/1.0  302 Found\r\n\r\n"sv,
        "RTSP/1.0 +302 x\r\n\r\n"sv, "RTSP/1.0 2\r02 x\r\n\r\n"sv, "RTSP/1.0\t302 x\r\n\r\n"sv,
        "\r\nRTSP/1.0 302 x\r\n\r\n"sv, " RTSP/1.0 302 x\r\n\r\n"sv, "RTSP/1.0 100 x\r\n\r\n"sv,
        "RTSP/1.0 200 OK\r\nContent-Length: 5\r\nContent-Length: 0\r\n\r\n"sv,
        "RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n"sv, "RTSP/1.0 200 OK\r\nContent-Length: 0x5\r\n\r\n"sv,
        "RTSP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n"sv, "RTSP/1.0 200 OK\r\n$\0\0\1a\r\n\r\n"sv,
        "RTSP/1.0 200 OK\nContent-Length: 0\n\nRTSP/1.0 302 x\n\n"sv,
        "HTTP/1.1 3 RTSP/1.0\nLocation: rtsp://h/\n\n"sv, "rtsp://x/ RTSP/1.0\n\n"sv})
    EXPECT_FALSE(passed(Protocol::rtsp, head)) << head;
  for (const std::string_view head :
       {"HTTP/1.1 301 Moved\r\nLocation: http://h/\r\n\r\n"sv, "HTTP/1.1  302 x\r\n\r\n"sv,
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 302 x\r\n\r\n"sv, "ICY 302 x\r\n\r\n"sv, "\r\n\r\n"sv,
        "HTTP/1.1 307\r\n\r\n"sv})
    EXPECT_FALSE(passed(Protocol::http, head)) << head;
  EXPECT_FALSE(passed(Protocol::http, "HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n"));
}

// Gives some frames, then is lost.
class Brief final : public Source {
 public:
  Brief() { info_.live = true; }
  const SourceInfo& info() const override { return info_; }
  void interrupt() override {}
  Result<std::optional<records::Frame>> next() override {
    if (given_ == 3) return std::optional<records::Frame>{};
    records::Frame frame;
    frame.index = given_;
    frame.time = Seconds{0.01 * given_++};
    return std::optional(std::move(frame));
  }

 private:
  SourceInfo info_;
  int given_ = 0;
};

TEST(Awaited, ComesGoesAndComesAgainAndSaysSo) {
  int openings = 0;
  std::string told;
  const auto source = awaited(
      "cam",
      [&](const StopSignal& stop) -> Result<std::unique_ptr<Source>> {
        EXPECT_FALSE(*stop);
        ++openings;
        if (openings == 1 || openings == 3) return bad_input("away");
        return std::make_unique<Brief>();
      },
      Seconds{60}, [&](bool there) { told += there ? '+' : '-'; });
  Seconds last{-1};
  for (std::int64_t i = 0; i < 7; ++i) {
    auto frame = source->next();
    ASSERT_TRUE(frame && *frame);
    EXPECT_EQ((*frame)->index, i);
    EXPECT_GT((*frame)->time, last);
    last = (*frame)->time;
  }
  EXPECT_EQ(told, "-+-+-+");
  EXPECT_GT(last.count(), 0.7) << "the gaps are in its times";
  source->interrupt();
  const auto end = source->next();
  EXPECT_TRUE(end && !*end);
}

TEST(Awaited, IsGivenUpAfterAWhile) {
  const auto source = awaited(
      "cam", [](const StopSignal&) { return Result<std::unique_ptr<Source>>(bad_input("away")); },
      Seconds{0.6}, [](bool there) { EXPECT_FALSE(there); });
  EXPECT_FALSE(source->next());
}

TEST(OpenPinned, SaysThatNobodyAnswers) {
  PinnedCamera camera;
  camera.name = "the camera", camera.host = "h", camera.address = "127.0.0.1", camera.port = 1,
  camera.target = "/";
  camera.password = camera.user = "secret";
  const auto source = open_pinned(camera, {});
  ASSERT_FALSE(source);
  EXPECT_NE(source.error().message.find("the camera"), std::string::npos);
  EXPECT_EQ(source.error().text().find("secret"), std::string::npos);
}

}  // namespace
}  // namespace pyro::capture
