#include "pyro/base/written_time.hpp"

#include <gtest/gtest.h>

using namespace std::chrono_literals;

namespace pyro {
namespace {

constexpr Day kDay{std::chrono::year{2026} / 1 / 31};

TEST(WrittenTime, FormsOfTheClock) {
  const std::pair<const char*, WallTime> forms[] = {{"2026-01-31T12:04", kDay + 12h + 4min},
                                                    {"2026-01-31t12:04", kDay + 12h + 4min},
                                                    {"2026-01-31 12:04:09", kDay + 12h + 4min + 9s},
                                                    {"2026-01-31T12:04:09.5", kDay + 12h + 4min + 9s + 500ms},
                                                    {"2026-01-31T23:59:59.9999999", kDay + 24h - 1us}};
  for (const auto& [text, wall] : forms) {
    const std::optional<WrittenTime> written = read_time(text);
    ASSERT_TRUE(written) << text;
    EXPECT_EQ(written->wall, wall) << text;
    EXPECT_EQ(written->day(), kDay) << text;
    EXPECT_FALSE(written->offset || written->day_alone) << text;
  }
}

TEST(WrittenTime, FormsOfTheOffset) {
  const std::pair<const char*, std::chrono::minutes> forms[] = {
      {"Z", 0min},        {"z", 0min},         {"+01:00", 60min},  {"+0100", 60min},  {"+01", 60min},
      {" +01:00", 60min}, {"-03:30", -210min}, {"-00:30", -30min}, {"+14:00", 840min}};
  for (const auto& [text, offset] : forms) {
    const std::optional<WrittenTime> written = read_time(std::string("2026-01-31T12:04") + text);
    ASSERT_TRUE(written) << text;
    EXPECT_EQ(written->offset, offset) << text;
    EXPECT_EQ(written->wall, kDay + 12h + 4min) << "as it stands there";
  }
}

TEST(WrittenTime, ADayAlone) {
  const std::optional<WrittenTime> written = read_time("2026-01-31");
  ASSERT_TRUE(written);
  EXPECT_TRUE(written->day_alone);
  EXPECT_EQ(written->wall, WallTime{kDay});
  EXPECT_EQ(day_text(written->day()), "2026-01-31");
  EXPECT_EQ(day_text(read_time("0987-12-01")->day()), "0987-12-01");
}

TEST(WrittenTime, WhatIsNoneIsNotGuessed) {
  for (const char* text : {"",
                           "nan",
                           "yesterday",
                           "1574600000",
                           "2026",
                           "2026-01",
                           "2026-1-31",
                           "-026-01-31",
                           "31.01.2026 12:04",
                           "1/31/2026 12:04",
                           "2026-13-01",
                           "2026-02-30",
                           "2026-01-31x",
                           "2026-01-31Z",
                           "2026-01-31T",
                           "2026-01-31T12",
                           "2026-01-31T24:00",
                           "2026-01-31T10:61",
                           "2026-01-31T10:00:60",
                           "2026-01-31T10:00:0",
                           "2026-01-31T10:00:00.",
                           "2026-01-31T10:00 ",
                           "2026-01-31T10:00x",
                           "2026-01-31T10:00Zulu",
                           "2026-01-31T10:00+",
                           "2026-01-31T10:00+1",
                           "2026-01-31T10:00+01:",
                           "2026-01-31T10:00+99:00",
                           "2026-01-31T10:00+01:60",
                           " 2026-01-31T10:00"})
    EXPECT_FALSE(read_time(text)) << text;
}

}  // namespace
}  // namespace pyro
