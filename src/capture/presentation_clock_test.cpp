#include "presentation_clock.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace pyro::capture {
namespace {

TEST(PresentationClock, CountsFromTheFirstTimestampAndKeepsVariableSteps) {
  PresentationClock clock(1, 90000, 25);
  EXPECT_DOUBLE_EQ(clock.next(-3600).count(), 0);
  EXPECT_DOUBLE_EQ(clock.next(0).count(), 0.04);
  EXPECT_DOUBLE_EQ(clock.next(9000).count(), 0.14);
  EXPECT_DOUBLE_EQ(clock.next(9001).count(), 12601.0 / 90000);
  EXPECT_EQ(clock.guessed(), 0);
}

TEST(PresentationClock, FillsMissingTimestampsByTheFrameRate) {
  PresentationClock clock(1, 1000, 50);
  EXPECT_DOUBLE_EQ(clock.next(std::nullopt).count(), 0);
  EXPECT_DOUBLE_EQ(clock.next(std::nullopt).count(), 0.02);
  EXPECT_DOUBLE_EQ(clock.next(7000).count(), 0.04);  // the first timestamp joins on
  EXPECT_DOUBLE_EQ(clock.next(7100).count(), 0.14);
  EXPECT_EQ(clock.guessed(), 2);
}

TEST(PresentationClock, WithoutFrameRateTakes25) {
  for (const double fps : {0.0, -1.0, std::numeric_limits<double>::infinity(), std::nan("")}) {
    PresentationClock clock(1, 1000, fps);
    EXPECT_DOUBLE_EQ(clock.next(std::nullopt).count(), 0);
    EXPECT_DOUBLE_EQ(clock.next(std::nullopt).count(), 0.04);
  }
}

TEST(PresentationClock, OneBadTimestampDoesNotShiftTheRest) {
  for (const std::int64_t bad : {std::int64_t{40}, std::int64_t{-5}, std::numeric_limits<std::int64_t>::max(),
                                 std::numeric_limits<std::int64_t>::min() + 1, std::int64_t{10'000'000}}) {
    PresentationClock clock(1, 1000, 25);
    EXPECT_DOUBLE_EQ(clock.next(0).count(), 0);
    EXPECT_DOUBLE_EQ(clock.next(40).count(), 0.04);
    EXPECT_DOUBLE_EQ(clock.next(bad).count(), 0.08);
    EXPECT_DOUBLE_EQ(clock.next(125).count(), 0.125);
    EXPECT_EQ(clock.guessed(), 1);
  }
}

TEST(PresentationClock, AStreamThatStartsAnewGetsANewOrigin) {
  PresentationClock clock(1, 1000, 25);
  for (const int ticks : {5000, 5040, 5080}) (void)clock.next(ticks);
  EXPECT_DOUBLE_EQ(clock.next(0).count(), 0.12);
  EXPECT_DOUBLE_EQ(clock.next(33).count(), 0.16);
  EXPECT_DOUBLE_EQ(clock.next(66).count(), 0.20);   // the third takes the new origin
  EXPECT_DOUBLE_EQ(clock.next(166).count(), 0.30);  // and its steps are exact again
}

TEST(PresentationClock, AlwaysMovesForward) {
  PresentationClock clock(1, 600, 30);
  std::uint64_t state = 1;
  double last = -1;
  for (int i = 0; i < 100000; ++i) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    const auto ticks = static_cast<std::int64_t>(state) >> (state & 63);
    const double time = clock.next(i % 7 == 0 ? std::nullopt : std::optional<std::int64_t>(ticks)).count();
    ASSERT_GT(time, last);
    ASSERT_TRUE(std::isfinite(time));
    last = time;
  }
}

TEST(PresentationClock, RestartFollowsOn) {
  PresentationClock clock(1, 1000, 10);
  (void)clock.next(0);
  (void)clock.next(100);
  clock.restart();
  EXPECT_DOUBLE_EQ(clock.next(0).count(), 0.2);
  EXPECT_DOUBLE_EQ(clock.next(150).count(), 0.35);
}

}  // namespace
}  // namespace pyro::capture
