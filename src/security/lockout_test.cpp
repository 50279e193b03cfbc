#include "pyro/security/lockout.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "anything.hpp"

namespace pyro::security {
namespace {

using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const UtcTime kStart{seconds{1'800'000'000}};

TEST(Lockout, FiveAreFreeThenTheWaitDoublesUpToItsCap) {
  Failures failures;
  const std::vector<seconds> waits = {seconds{0},  seconds{0},  seconds{0},   seconds{0},   seconds{0},
                                      seconds{1},  seconds{2},  seconds{4},   seconds{8},   seconds{16},
                                      seconds{32}, seconds{64}, seconds{128}, seconds{256}, seconds{512},
                                      minutes{15}, minutes{15}};
  EXPECT_EQ(wait_left(failures, kStart), microseconds{0});
  for (std::size_t i = 0; i < waits.size(); ++i) {
    failures = after_failure(failures, kStart);
    EXPECT_EQ(failures.count, static_cast<int>(i) + 1);
    EXPECT_EQ(wait_left(failures, kStart), waits[i]) << i;
  }
  EXPECT_EQ(wait_left(failures, kStart + minutes{10}), minutes{5});
  EXPECT_EQ(wait_left(failures, kStart + minutes{15}), microseconds{0});
  EXPECT_EQ(wait_left(failures, kStart - minutes{60}), minutes{15}) << "a clock that was set back";
}

TEST(Lockout, ADayWithoutFailuresForgets) {
  const Failures many{40, kStart};
  EXPECT_EQ(after_failure(many, kStart + std::chrono::hours{23}).count, 41);
  EXPECT_EQ(after_failure(many, kStart + std::chrono::hours{24}).count, 1);
}

TEST(Lockout, AnAddressThatManySharesMayHaveAnotherRule) {
  const LockoutRule patient{20, seconds{1}, minutes{5}, std::chrono::hours{1}};
  EXPECT_EQ(wait_left({20, kStart}, kStart, patient), microseconds{0});
  EXPECT_EQ(wait_left({21, kStart}, kStart, patient), seconds{1});
  EXPECT_EQ(wait_left({1'000'000, kStart}, kStart, patient), minutes{5});
}

RC_GTEST_PROP(LockoutProperty, MoreFailuresNeverWaitLess, ()) {
  const int count = any_below(1'000'000);
  const UtcTime now = kStart + seconds{any_from(-4000, 90'000)};
  const microseconds wait = wait_left({count, kStart}, now);
  RC_ASSERT(wait >= microseconds{0} && wait <= minutes{15});
  RC_ASSERT(wait_left({count + 1, kStart}, now) >= wait);
  RC_ASSERT(wait_left({count, kStart}, now + seconds{1}) <= wait);
}

}  // namespace
}  // namespace pyro::security
