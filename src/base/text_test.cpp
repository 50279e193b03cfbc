#include "pyro/base/text.hpp"

#include <gtest/gtest.h>

TEST(Trimmed, TakesWhatStandsAroundAndNothingWithin) {
  EXPECT_EQ(pyro::trimmed(" \ta b\r\n"), "a b");
  EXPECT_EQ(pyro::trimmed("a"), "a");
  EXPECT_EQ(pyro::trimmed(" \t\r\n"), "");
  EXPECT_EQ(pyro::trimmed(""), "");
}
