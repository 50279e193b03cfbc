#include "sender_clock.hpp"

#include <gtest/gtest.h>

#include "rate.hpp"

namespace pyro::live {
namespace {

struct Sender {
  SenderClock clock{Seconds{100}};
  SenderClock::Clock::time_point begun;
  double at(double captured_s, double arrived_s) {
    const auto whole = [](double s) { return std::chrono::milliseconds{static_cast<long>(1000 * s)}; };
    return clock.take(UtcTime{whole(captured_s)}, begun + whole(arrived_s)).count();
  }
};

TEST(SenderClock, GoesByTheSendersClock) {
  Sender sender;
  EXPECT_DOUBLE_EQ(sender.at(5, 0), 100);
  EXPECT_DOUBLE_EQ(sender.at(5.1, 0.4), 100.1);
  EXPECT_DOUBLE_EQ(sender.at(35, 30.2), 130);
  EXPECT_DOUBLE_EQ(sender.clock.time_at(UtcTime{std::chrono::seconds{34}}).count(), 129);
}

TEST(SenderClock, PicturesThatWaitedCountAsOfWhenTheyWereTaken) {
  Sender sender;
  sender.at(0, 0);
  sender.at(0.4, 0.4);
  EXPECT_DOUBLE_EQ(sender.at(0.5, 30.4), 100.5);
  EXPECT_DOUBLE_EQ(sender.at(0.6, 30.4), 100.6);
  EXPECT_DOUBLE_EQ(sender.at(30.5, 30.5), 130.5);
  EXPECT_DOUBLE_EQ(sender.at(30.6, 30.6), 130.6);
}

TEST(SenderClock, WhereItJumpsOursCounts) {
  Sender sender;
  sender.at(0, 0);
  EXPECT_DOUBLE_EQ(sender.at(9.5, 0.1), 109.5);  // ten seconds ahead are believed
  EXPECT_DOUBLE_EQ(sender.at(3600, 0.6), 110);
  EXPECT_DOUBLE_EQ(sender.at(3600.5, 1.1), 110.5);
  EXPECT_DOUBLE_EQ(sender.at(1, 1.3), 110.7);
  EXPECT_DOUBLE_EQ(sender.at(1, 1.3), 110.701);
}

TEST(Rate, APauseSaysNothingOfHowManyAreRead) {
  Rate rate;
  const auto begun = Rate::Clock::now();
  const auto after = [&](double s) { return begun + std::chrono::milliseconds{static_cast<long>(1000 * s)}; };
  for (int i = 0; i < 15; ++i) rate.count_read();
  rate.count_dropped(2);
  EXPECT_FALSE(rate.settle(after(31)));
  EXPECT_DOUBLE_EQ(rate.fps(), 30);
  for (int i = 0; i < 12; ++i) rate.count_read();
  rate.count_dropped(1);
  ASSERT_TRUE(rate.settle(after(32)));
  EXPECT_NEAR(rate.fps(), 0.95 * 12, 0.1);
}

}  // namespace
}  // namespace pyro::live
