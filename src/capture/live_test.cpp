#include "live.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "test_clips.hpp"

namespace pyro::capture {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// Gives some frames 10 ms apart, then is lost.
class Flaky final : public Source {
 public:
  explicit Flaky(int frames) : frames_(frames) { info_.name = "cam", info_.live = true; }
  const SourceInfo& info() const override { return info_; }
  void interrupt() override {}
  Result<std::optional<records::Frame>> next() override {
    if (given_ == frames_) return bad_input("cam has ended or was lost");
    std::this_thread::sleep_for(10ms);
    records::Frame frame;
    frame.index = given_;
    frame.time = Seconds{0.01 * given_++};
    return std::optional(std::move(frame));
  }

 private:
  SourceInfo info_;
  int frames_;
  int given_ = 0;
};

TEST(Retrying, GoesOnWithIndicesAndRealTimes) {
  int openings = 0;
  const Opener again = [&]() -> Result<std::unique_ptr<Source>> {
    if (++openings == 1) return bad_input("still away");
    if (openings == 2) return std::make_unique<Flaky>(3);
    return bad_input("away for good");
  };
  const auto source = retrying(std::make_unique<Flaky>(2), again, Seconds{1.2}, StopFlag{});
  const auto begin = Clock::now();
  const auto reading = test::read_all(*source);
  ASSERT_EQ(reading.count(), 5u);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(reading.frames[i].index, static_cast<std::int64_t>(i));
  const double gap = (reading.frames[2].time - reading.frames[1].time).count();
  EXPECT_GE(gap, 0.74);  // 0.25 s, then 0.5 s
  EXPECT_LT(gap, 1.5);
  EXPECT_NEAR((reading.frames[4].time - reading.frames[3].time).count(), 0.01, 1e-9);
  ASSERT_TRUE(reading.error);
  EXPECT_EQ(reading.error->code, ErrorCode::bad_input);
  EXPECT_NE(reading.error->message.find("cam was lost after 5 frames"), std::string::npos);
  EXPECT_NE(reading.error->context.find("away for good"), std::string::npos);
  EXPECT_GE(Seconds(Clock::now() - begin).count(), 1.9);
}

TEST(Retrying, SourcesThatOpenButGiveNothingAreNotHammered) {
  int openings = 0;
  const Opener again = [&]() -> Result<std::unique_ptr<Source>> {
    ++openings;
    return std::make_unique<Flaky>(0);
  };
  const auto source = retrying(std::make_unique<Flaky>(1), again, Seconds{1}, StopFlag{});
  const auto reading = test::read_all(*source);
  EXPECT_EQ(reading.count(), 1u);
  EXPECT_TRUE(reading.error);
  EXPECT_LE(openings, 4);
}

TEST(Retrying, InterruptEndsTheWaiting) {
  const StopFlag stop;
  const auto source = retrying(
      std::make_unique<Flaky>(0), [] { return Result<std::unique_ptr<Source>>(bad_input("away")); },
      Seconds{60}, stop);
  std::thread other([&] {
    std::this_thread::sleep_for(400ms);
    source->interrupt();
  });
  const auto begin = Clock::now();
  auto end = source->next();
  other.join();
  ASSERT_TRUE(end);
  EXPECT_FALSE(*end);
  EXPECT_LT(Seconds(Clock::now() - begin).count(), 1.5);
}

// An HTTP server of one thread that sends JPEG pictures as multipart/x-mixed-replace, as network cameras do.
class MjpegServer {
 public:
  // 0: any free port. silent: sends that many pictures and then nothing, without closing.
  explicit MjpegServer(std::uint16_t port, int pictures, bool silent = false)
      : pictures_(pictures), silent_(silent) {
    std::signal(SIGPIPE, SIG_IGN);
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 4) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      std::abort();
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~MjpegServer() {
    stop_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  MjpegServer(const MjpegServer&) = delete;
  MjpegServer& operator=(const MjpegServer&) = delete;
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/video"; }

 private:
  static bool send_all(int fd, const void* data, std::size_t size) {
    const auto* at = static_cast<const char*>(data);
    while (size > 0) {
      const ssize_t sent = ::send(fd, at, size, MSG_NOSIGNAL);
      if (sent <= 0) return false;
      at += sent;
      size -= static_cast<std::size_t>(sent);
    }
    return true;
  }
  static bool send_text(int fd, const std::string& text) { return send_all(fd, text.data(), text.size()); }

  void serve() {
    while (!stop_) {
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) continue;
      char request[2048];
      (void)!::recv(fd, request, sizeof request, 0);
      bool alive = send_text(
          fd, "HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=edge\r\n\r\n--edge\r\n");
      for (int i = 0; alive && !stop_ && (pictures_ < 0 || i < pictures_); ++i) {
        const auto jpeg = test::make_jpeg(96, 64, static_cast<std::uint8_t>(40 + i % 100));
        alive = send_text(fd, "Content-Type: image/jpeg\r\nContent-Length: " + std::to_string(jpeg.size()) +
                                  "\r\n\r\n") &&
                send_all(fd, jpeg.data(), jpeg.size()) && send_text(fd, "\r\n--edge\r\n");
        std::this_thread::sleep_for(20ms);
      }
      while (alive && silent_ && !stop_) std::this_thread::sleep_for(10ms);
      ::close(fd);
    }
  }

  int pictures_;
  bool silent_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

TEST(HttpCamera, DiesAndComesBack) {
  auto server = std::make_unique<MjpegServer>(std::uint16_t{0}, 40);
  const std::uint16_t port = server->port();
  SourceOptions options;
  options.retry_for = Seconds{20};
  auto source = open(server->url(), options);
  ASSERT_TRUE(source) << source.error().text();
  EXPECT_TRUE((*source)->info().live);
  std::vector<records::Frame> frames;
  const auto take = [&](std::size_t until) {
    while (frames.size() < until) {
      auto frame = (*source)->next();
      ASSERT_TRUE(frame && *frame) << (frame ? "ended" : frame.error().text());
      frames.push_back(std::move(**frame));
    }
  };
  take(30);
  server.reset();
  std::thread later([&] {
    std::this_thread::sleep_for(700ms);
    server = std::make_unique<MjpegServer>(port, -1);
  });
  take(60);
  later.join();
  double longest = 0;
  for (std::size_t i = 1; i < frames.size(); ++i) {
    ASSERT_EQ(frames[i].index, static_cast<std::int64_t>(i));
    ASSERT_GT(frames[i].time, frames[i - 1].time);
    ASSERT_GE(frames[i].utc, frames[i - 1].utc);
    longest = std::max(longest, (frames[i].time - frames[i - 1].time).count());
  }
  EXPECT_GT(longest, 0.5);  // the gap is in the times
  EXPECT_EQ(frames[59].width, 96);
  (*source)->interrupt();
  auto end = (*source)->next();
  ASSERT_TRUE(end);
  EXPECT_FALSE(*end);
}

TEST(HttpCamera, GoneForGoodIsAnError) {
  auto server = std::make_unique<MjpegServer>(std::uint16_t{0}, 30);
  SourceOptions options;
  options.retry_for = Seconds{0.6};
  auto source = open(server->url(), options);
  ASSERT_TRUE(source) << source.error().text();
  auto first = (*source)->next();
  ASSERT_TRUE(first && *first);
  server.reset();
  const auto reading = test::read_all(**source);
  ASSERT_TRUE(reading.error);
  EXPECT_NE(reading.error->message.find("did not come back"), std::string::npos) << reading.error->text();
}

TEST(HttpCamera, InterruptEndsABlockingRead) {
  const MjpegServer server(0, 60, true);
  auto source = open(server.url());
  ASSERT_TRUE(source) << source.error().text();
  std::atomic<int> count{0};
  std::thread other([&] {
    // Once it has fallen silent.
    for (int last = -1; last != count || last < 20;) {
      last = count;
      std::this_thread::sleep_for(300ms);
    }
    (*source)->interrupt();
  });
  auto begin = Clock::now();
  for (;;) {
    auto frame = (*source)->next();
    ASSERT_TRUE(frame) << frame.error().text();
    if (!*frame) break;
    ++count;
    begin = Clock::now();
  }
  other.join();
  EXPECT_LT(Seconds(Clock::now() - begin).count(), 2.0);
}

TEST(HttpCamera, ThroughTheQueue) {
  const MjpegServer server(0, -1);
  auto source = open(server.url());
  ASSERT_TRUE(source) << source.error().text();
  FrameQueue queue(std::move(*source), 2);
  std::this_thread::sleep_for(500ms);  // the consumer is slow
  std::int64_t last = -1;
  for (int i = 0; i < 10; ++i) {
    auto frame = queue.pop();
    ASSERT_TRUE(frame && *frame);
    EXPECT_GT((*frame)->index, last);
    last = (*frame)->index;
  }
  EXPECT_GT(queue.dropped(), 0);
  queue.stop();
}

}  // namespace
}  // namespace pyro::capture
