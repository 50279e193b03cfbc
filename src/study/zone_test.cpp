#include "pyro/study/zone.hpp"

#include <gtest/gtest.h>

namespace pyro::study {
namespace {

std::string utc_of(const std::string& text, const std::string& zone) {
  const Result<UtcTime> time = parse_time(text, zone);
  return time ? utc_text(*time) : "error: " + time.error().message;
}

TEST(Zone, LocalTimesBecomeUtc) {
  EXPECT_EQ(utc_of("2026-01-31T12:00", "Europe/Berlin"), "2026-01-31T11:00:00.000000Z");
  EXPECT_EQ(utc_of("2026-07-31 12:00:30.25", "Europe/Berlin"), "2026-07-31T10:00:30.250000Z");
  EXPECT_EQ(utc_of("2026-07-31T12:00Z", "Europe/Berlin"), "2026-07-31T12:00:00.000000Z");
  EXPECT_EQ(utc_of("2026-07-31T12:00-03:30", "Europe/Berlin"), "2026-07-31T15:30:00.000000Z");
}

TEST(Zone, AnHourThatWasSkippedOrTwiceIsAsked) {
  // Europe/Berlin 2026: forward on 29 March at 2:00, back on 25 October at 3:00.
  const Result<UtcTime> skipped = parse_time("2026-03-29T02:30", "Europe/Berlin");
  ASSERT_FALSE(skipped);
  EXPECT_NE(skipped.error().message.find("put forward"), std::string::npos);
  const Result<UtcTime> twice = parse_time("2026-10-25T02:30", "Europe/Berlin");
  ASSERT_FALSE(twice);
  EXPECT_NE(twice.error().message.find("2026-10-25T02:30+02:00 or 2026-10-25T02:30+01:00"), std::string::npos)
      << twice.error().message;
  EXPECT_EQ(utc_of("2026-10-25T02:30+01:00", "Europe/Berlin"), "2026-10-25T01:30:00.000000Z");
}

TEST(Zone, DaysAreThoseOfTheWall) {
  const UtcTime late = *parse_time("2026-03-01T23:30Z", "UTC");
  EXPECT_EQ(local_day(late, "Europe/Berlin"), "2026-03-02");
  EXPECT_EQ(local_day(late, "America/New_York"), "2026-03-01");
  EXPECT_EQ(local_text(late, "Asia/Kolkata"), "2026-03-02T05:00:00+05:30");
}

TEST(Zone, NonsenseIsRefused) {
  for (const char* text : {"", "yesterday", "2026-02-30T10:00", "2026-01-31", "2026-01-31T25:00",
                           "2026-01-31T10:00+99:00", "2026-01-31T10:00x", "2026-01-31T10:00:0"})
    EXPECT_FALSE(parse_time(text, "UTC")) << text;
  EXPECT_FALSE(check_zone("Mars/Olympus"));
  EXPECT_FALSE(parse_time("2026-01-31T10:00", "../etc/passwd"));
}

}  // namespace
}  // namespace pyro::study
