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

TEST(Calendar, MomentsHaveTheDayOfTheirZone) {
  EXPECT_EQ(day_in("Europe/Berlin", "2026-03-29T22:00:00Z"), "2026-03-30");
  EXPECT_EQ(utc_in("Europe/Berlin", "2026-10-25 03:30:00"), "2026-10-25T02:30");
  EXPECT_EQ(utc_in("UTC", "2026-10-25T02:30:00.5+02:00"), "2026-10-25T00:30");
  EXPECT_EQ(utc_in("Europe/Berlin", "2026-07-01"), "2026-07-01T10:00") << "a day alone is its noon";
  EXPECT_EQ(day_in("Pacific/Kiritimati", "2026-07-01"), "2026-07-01");
}

TEST(Calendar, WallTimesThatDoNotExistOrExistTwiceAreAskedBack) {
  for (const char* text : {"2026-03-29T02:30", "2026-10-25T02:30"}) {
    const Result<Moment> moment = parse_moment(text, zone("Europe/Berlin"));
    ASSERT_FALSE(moment);
    EXPECT_EQ(moment.error().code, ErrorCode::bad_input);
    for (const char* offset : {"+01:00", "+02:00"})
      EXPECT_NE(moment.error().message.find(std::string(text) + offset), std::string::npos)
          << moment.error().message;
    EXPECT_TRUE(parse_moment(std::string(text) + "+01:00", zone("Europe/Berlin")));
  }
  EXPECT_FALSE(parse_moment("2011-12-30", zone("Pacific/Apia"))) << "a day that was left out there";
}

TEST(Calendar, WhatIsNoTimeIsRefused) {
  for (const char* text : {"", "29.03.2026", "1574600000", "0001-01-01", "1899-12-31", "2201-01-01", "nan"}) {
    const Result<Moment> moment = parse_moment(text, zone("UTC"));
    ASSERT_FALSE(moment) << text;
    EXPECT_EQ(moment.error().code, ErrorCode::bad_input);
  }
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
