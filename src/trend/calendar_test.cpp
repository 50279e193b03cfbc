#include "pyro/trend/calendar.hpp"

#include <gtest/gtest.h>

namespace pyro::trend {
namespace {

Zone zone(const char* name) {
  return *Zone::find(name);
}

std::string day_in(const char* place, const char* text) {
  const Result<Moment> moment = parse_moment(text, zone(place));
  return moment ? day_text(moment->day) : moment.error().message;
}

std::string utc_in(const char* place, const char* text) {
  const Result<Moment> moment = parse_moment(text, zone(place));
  return moment ? utc_text(moment->time).substr(0, 16) : moment.error().message;
}

TEST(Calendar, DaysFollowTheClockOnTheWallAcrossBothSwitches) {
  // Berlin sets clocks forward on 29 March 2026 at 01:00 UTC and back on 25 October at 01:00 UTC.
  EXPECT_EQ(day_in("Europe/Berlin", "2026-03-28T22:59:59Z"), "2026-03-28");
  EXPECT_EQ(day_in("Europe/Berlin", "2026-03-28T23:00:00Z"), "2026-03-29") << "midnight is still UTC+1";
  EXPECT_EQ(day_in("Europe/Berlin", "2026-03-29T21:59:59Z"), "2026-03-29");
  EXPECT_EQ(day_in("Europe/Berlin", "2026-03-29T22:00:00Z"), "2026-03-30") << "and is UTC+2 a day later";
  EXPECT_EQ(day_in("Europe/Berlin", "2026-10-24T22:00:00Z"), "2026-10-25");
  EXPECT_EQ(day_in("Europe/Berlin", "2026-10-25T22:30:00Z"), "2026-10-25") << "a day of 25 hours";
  EXPECT_EQ(day_in("Europe/Berlin", "2026-10-25T23:00:00Z"), "2026-10-26");
  EXPECT_EQ(day_in("America/New_York", "2026-03-09T03:30:00Z"), "2026-03-08");
  EXPECT_EQ(day_in("Asia/Kolkata", "2026-01-01T18:30:00Z"), "2026-01-02");
  EXPECT_EQ(day_in("UTC", "2026-03-29T23:59:59.999999Z"), "2026-03-29");
}

TEST(Calendar, WallTimesThatDoNotExistOrExistTwice) {
  EXPECT_EQ(utc_in("Europe/Berlin", "2026-03-29T02:30"), "2026-03-29T01:00") << "skipped: the switch itself";
  EXPECT_EQ(utc_in("Europe/Berlin", "2026-10-25T02:30"), "2026-10-25T00:30") << "twice: the first";
  EXPECT_EQ(utc_in("Europe/Berlin", "2026-10-25 03:30:00"), "2026-10-25T02:30");
  EXPECT_EQ(utc_in("UTC", "2026-10-25T02:30:00.5+02:00"), "2026-10-25T00:30");
  EXPECT_EQ(utc_in("UTC", "2026-10-25T02:30:00-0330"), "2026-10-25T06:00");
  EXPECT_EQ(utc_in("Europe/Berlin", "2026-07-01"), "2026-07-01T10:00") << "a day alone is its noon";
}

TEST(Calendar, WhatIsNoTimeIsRefused) {
  for (const char* text : {"", "2026", "2026-13-01", "2026-02-30", "29.03.2026", "2026-03-29T",
                           "2026-03-29T25:00Z", "2026-03-29T10:00:00Zulu", "2026-03-29T10:00:00+1",
                           "1574600000", "2026-03-29T10:00+99:00", "0001-01-01", "nan"}) {
    const Result<Moment> moment = parse_moment(text, zone("UTC"));
    ASSERT_FALSE(moment) << text;
    EXPECT_EQ(moment.error().code, ErrorCode::bad_input);
  }
  EXPECT_EQ(Zone::find("Europe/Atlantis").error().code, ErrorCode::wrong_use);
  EXPECT_EQ(Zone::find("../../etc/passwd").error().code, ErrorCode::wrong_use);
  EXPECT_EQ(Zone::find("").error().code, ErrorCode::wrong_use);
}

std::string week_of(int year, unsigned month, unsigned day) {
  return week_text(
      iso_week(Day{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day}}));
}

TEST(Calendar, IsoWeeks) {
  EXPECT_EQ(week_of(2021, 1, 3), "2020-W53");
  EXPECT_EQ(week_of(2021, 1, 4), "2021-W01");
  EXPECT_EQ(week_of(2019, 12, 30), "2020-W01");
  EXPECT_EQ(week_of(2019, 11, 1), "2019-W44");
  EXPECT_EQ(week_of(2027, 1, 1), "2026-W53");
  EXPECT_EQ(day_text(iso_week(Day{std::chrono::year{2026} / 3 / 29}).monday), "2026-03-23");
}

}  // namespace
}  // namespace pyro::trend
