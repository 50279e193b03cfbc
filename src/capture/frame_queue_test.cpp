#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "pyro/capture/source.hpp"

namespace pyro::capture {
namespace {

using namespace std::chrono_literals;

// Frames as fast as they are asked for, each with a pixel block of its own; then the end.
class Counting final : public Source {
 public:
  Counting(std::int64_t frames, bool live, std::optional<Error> error = {})
      : frames_(frames), error_(std::move(error)) {
    info_.live = live;
  }
  const SourceInfo& info() const override { return info_; }
  void interrupt() override { stop_ = true; }
  Result<std::optional<records::Frame>> next() override {
    if (stop_) return std::nullopt;
    if (given_ == frames_) {
      if (error_) return tl::make_unexpected(*error_);
      return std::nullopt;
    }
    records::Frame frame;
    frame.index = given_++;
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(64, static_cast<std::uint8_t>(frame.index));
    frame.y = {pixels->data(), 8};
    frame.pixels = std::move(pixels);
    return std::optional(std::move(frame));
  }
  std::atomic<std::int64_t> given_{0};

 private:
  SourceInfo info_;
  std::int64_t frames_;
  std::optional<Error> error_;
  std::atomic<bool> stop_{false};
};

TEST(FrameQueue, AFileWaitsAndLosesNothing) {
  auto source = std::make_unique<Counting>(500, false);
  Counting& counting = *source;
  FrameQueue queue(std::move(source), 4);
  std::this_thread::sleep_for(50ms);
  EXPECT_LE(counting.given_.load(), 5);  // four queued, one in hand
  for (std::int64_t i = 0; i < 500; ++i) {
    auto frame = queue.pop();
    ASSERT_TRUE(frame && *frame);
    ASSERT_EQ((*frame)->index, i);
    ASSERT_EQ((*frame)->y.data[3], static_cast<std::uint8_t>(i));
  }
  for (int i = 0; i < 2; ++i) {
    auto end = queue.pop();
    ASSERT_TRUE(end);
    EXPECT_FALSE(*end);
  }
  EXPECT_EQ(queue.dropped(), 0);
}

TEST(FrameQueue, ALiveSourceDropsTheOldestAndCounts) {
  FrameQueue queue(std::make_unique<Counting>(1000, true), 4);
  std::this_thread::sleep_for(100ms);
  std::int64_t popped = 0;
  std::int64_t last = -1;
  for (;;) {
    auto frame = queue.pop();
    ASSERT_TRUE(frame);
    if (!*frame) break;
    EXPECT_GT((*frame)->index, last);
    last = (*frame)->index;
    ++popped;
  }
  EXPECT_EQ(last, 999);  // the newest stays
  EXPECT_EQ(popped + queue.dropped(), 1000);
  EXPECT_EQ(popped, 4);
}

TEST(FrameQueue, TheErrorComesAfterTheFramesAndStays) {
  FrameQueue queue(std::make_unique<Counting>(3, false, Error{ErrorCode::bad_input, "broken", ""}), 8);
  for (int i = 0; i < 3; ++i) {
    auto frame = queue.pop();
    ASSERT_TRUE(frame && *frame);
  }
  for (int i = 0; i < 2; ++i) {
    auto end = queue.pop();
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().message, "broken");
  }
}

TEST(FrameQueue, StopEndsAWaitingDecoderAndAWaitingConsumer) {
  FrameQueue full(std::make_unique<Counting>(1'000'000, false), 2);
  std::this_thread::sleep_for(20ms);
  full.stop();
  auto end = full.pop();
  ASSERT_TRUE(end);
  EXPECT_FALSE(*end);
  full.stop();
}

TEST(FrameQueue, InterruptLetsTheQueuedComeFirst) {
  FrameQueue queue(std::make_unique<Counting>(1'000'000, false), 3);
  std::this_thread::sleep_for(50ms);
  queue.interrupt();
  int popped = 0;
  for (;; ++popped) {
    auto frame = queue.pop();
    ASSERT_TRUE(frame);
    if (!*frame) break;
  }
  EXPECT_GE(popped, 3);
  EXPECT_LE(popped, 5);
}

TEST(FrameQueue, ManyConsumersShareTheFrames) {
  FrameQueue queue(std::make_unique<Counting>(3000, false), 8);
  std::atomic<std::int64_t> sum{0};
  std::vector<std::thread> consumers;
  consumers.reserve(3);
  for (int t = 0; t < 3; ++t) {
    consumers.emplace_back([&] {
      for (;;) {
        auto frame = queue.pop();
        if (!frame || !*frame) return;
        sum += (*frame)->index;
      }
    });
  }
  for (auto& consumer : consumers) consumer.join();
  EXPECT_EQ(sum.load(), 2999 * 3000 / 2);
}

}  // namespace
}  // namespace pyro::capture
