#include "byte_stream.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "test_bytes.hpp"
#include "test_clips.hpp"

namespace pyro::capture {
namespace {

using test::read_all;

// A pipe with a writer of its own.
class Piped {
 public:
  explicit Piped(Bytes bytes, bool keep_open = false) {
    std::signal(SIGPIPE, SIG_IGN);
    if (::pipe2(ends_, O_CLOEXEC) != 0) std::abort();
    writer_ = std::thread([this, bytes = std::move(bytes), keep_open] {
      std::size_t at = 0;
      while (at < bytes.size()) {
        const ssize_t count =
            ::write(ends_[1], bytes.data() + at, std::min<std::size_t>(bytes.size() - at, 777));
        if (count <= 0) break;
        at += static_cast<std::size_t>(count);
      }
      if (!keep_open) close_writer();
    });
  }
  ~Piped() {
    ::close(ends_[0]);
    writer_.join();
    close_writer();
  }
  Piped(const Piped&) = delete;
  Piped& operator=(const Piped&) = delete;
  [[nodiscard]] int fd() const { return ends_[0]; }

 private:
  void close_writer() {
    if (ends_[1] >= 0) ::close(ends_[1]);
    ends_[1] = -1;
  }
  int ends_[2] = {-1, -1};
  std::thread writer_;
};

test::Reading read_pipe(const Bytes& bytes, const SourceOptions& options = {}) {
  const Piped pipe(bytes);
  auto source = open_byte_stream("stdin", pipe.fd(), options, StopFlag{});
  if (!source) return {{}, source.error()};
  return read_all(**source);
}

Bytes jpegs(int count) {
  Bytes stream;
  for (int i = 0; i < count; ++i) {
    const Bytes one = test::make_jpeg(80, 60, static_cast<std::uint8_t>(20 + 10 * i));
    stream.insert(stream.end(), one.begin(), one.end());
  }
  return stream;
}

TEST(ByteStream, JpegsOneAfterAnother) {
  const auto reading = read_pipe(jpegs(7));
  ASSERT_FALSE(reading.error) << reading.error->text();
  ASSERT_EQ(reading.count(), 7u);
  EXPECT_DOUBLE_EQ(reading.frames[6].time.count(), 0.24);
}

TEST(ByteStream, MultipartJpegs) {
  Bytes stream;
  for (int i = 0; i < 3; ++i) {
    const std::string header = "--edge\r\nContent-Type: image/jpeg\r\n\r\n";
    stream.insert(stream.end(), header.begin(), header.end());
    const Bytes one = jpegs(1);
    stream.insert(stream.end(), one.begin(), one.end());
  }
  const auto reading = read_pipe(stream);
  EXPECT_FALSE(reading.error);
  EXPECT_EQ(reading.count(), 3u);
}

TEST(ByteStream, CutOffOrBrokenInTheMiddle) {
  Bytes cut = jpegs(4);
  cut.resize(cut.size() - 30);
  auto reading = read_pipe(cut);
  EXPECT_EQ(reading.count(), 3u);
  ASSERT_TRUE(reading.error);
  EXPECT_NE(reading.error->message.find("stdin"), std::string::npos);

  Bytes holed = jpegs(5);
  const std::size_t middle = holed.size() / 2;
  holed.erase(holed.begin() + static_cast<std::ptrdiff_t>(middle),
              holed.begin() + static_cast<std::ptrdiff_t>(middle + 100));
  reading = read_pipe(holed);
  EXPECT_GE(reading.count(), 3u);
  EXPECT_TRUE(reading.error);
}

TEST(ByteStream, NothingOrText) {
  auto reading = read_pipe({});
  ASSERT_TRUE(reading.error);
  EXPECT_NE(reading.error->message.find("empty"), std::string::npos);
  reading = read_pipe({'h', 'e', 'l', 'l', 'o'});
  ASSERT_TRUE(reading.error);
  EXPECT_NE(reading.error->message.find("not a video"), std::string::npos);
}

TEST(ByteStream, Containers) {
  NEEDS_FFMPEG();
  const test::TempFolder folder;
  ASSERT_TRUE(test::ffmpeg(test::pattern + "-c:v mpeg4 '" + folder / "a.mkv" + "'"));
  Bytes bytes = test::bytes_of(folder / "a.mkv");
  auto reading = read_pipe(bytes);
  EXPECT_FALSE(reading.error);
  EXPECT_EQ(reading.count(), 50u);
  bytes.resize(bytes.size() / 2);
  reading = read_pipe(bytes);
  EXPECT_GT(reading.count(), 5u);
  ASSERT_TRUE(reading.error);
  EXPECT_NE(reading.error->message.find("missing"), std::string::npos) << reading.error->text();
  // An mp4 with its index at the end cannot be read in order.
  ASSERT_TRUE(test::ffmpeg("-i '" + folder / "a.mkv" + "' -c copy '" + folder / "a.mp4" + "'"));
  reading = read_pipe(test::bytes_of(folder / "a.mp4"));
  ASSERT_TRUE(reading.error);
  EXPECT_NE(reading.error->message.find("index"), std::string::npos) << reading.error->text();
}

TEST(ByteStream, InterruptEndsABlockingRead) {
  for (const bool opened : {true, false}) {
    const Piped pipe(opened ? jpegs(2) : Bytes{}, true);
    const StopFlag stop;
    std::thread other([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      stop.raise();
    });
    const auto begin = std::chrono::steady_clock::now();
    auto source = open_byte_stream("stdin", pipe.fd(), {}, stop);
    if (opened) {
      ASSERT_TRUE(source);
      const auto reading = read_all(**source);
      EXPECT_EQ(reading.count(), 2u);
      EXPECT_FALSE(reading.error);
    } else {
      EXPECT_FALSE(source);
    }
    other.join();
    EXPECT_LT(Seconds(std::chrono::steady_clock::now() - begin).count(), 1.0);
  }
}

TEST(ByteStream, RealtimeIsTimedByArrival) {
  SourceOptions options;
  options.realtime = true;
  const Piped pipe(jpegs(3));
  auto source = open_byte_stream("stdin", pipe.fd(), options, StopFlag{});
  ASSERT_TRUE(source);
  EXPECT_TRUE((*source)->info().live);
  const auto reading = read_all(**source);
  ASSERT_EQ(reading.count(), 3u);
  EXPECT_LT(reading.frames[2].time.count(), 2.0);
  EXPECT_GT(reading.frames[2].time, reading.frames[0].time);
}

}  // namespace
}  // namespace pyro::capture
