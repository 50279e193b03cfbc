#include "pyro/base/time.hpp"

#include <gtest/gtest.h>

using namespace std::chrono_literals;

TEST(UtcText, WritesMicrosecondsAndZ) {
  const pyro::UtcTime time = std::chrono::sys_days{std::chrono::year{2026} / 1 / 31} + 12h + 4min + 9s + 40ms;
  EXPECT_EQ(pyro::utc_text(time), "2026-01-31T12:04:09.040000Z");
  EXPECT_EQ(pyro::utc_text(pyro::UtcTime{}), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(pyro::utc_text(pyro::UtcTime{-1us}), "1969-12-31T23:59:59.999999Z");
}
