#include "pyro/base/zone.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pyro {
namespace {

using testing::HasSubstr;

Zone zone(const char* name) {
  return Zone::find(name).value();
}

std::string utc(const char* text, const std::optional<Zone>& where) {
  const Result<UtcTime> time = utc_of(text, where);
  return time ? utc_text(*time) : time.error().message;
}

TEST(Zone, WhatIsWrittenBecomesUtc) {
  EXPECT_EQ(utc("2026-01-31T12:00", zone("Europe/Berlin")), "2026-01-31T11:00:00.000000Z");
  EXPECT_EQ(utc("2026-07-31 12:00:30.25", zone("Europe/Berlin")), "2026-07-31T10:00:30.250000Z");
  EXPECT_EQ(utc("2026-07-31T12:00Z", zone("Europe/Berlin")), "2026-07-31T12:00:00.000000Z");
  EXPECT_EQ(utc("2026-07-31T12:00-03:30", zone("Europe/Berlin")), "2026-07-31T15:30:00.000000Z");
  EXPECT_EQ(utc("2026-07-31T12:00-0330", std::nullopt), "2026-07-31T15:30:00.000000Z");
  EXPECT_EQ(utc("2026-07-31T12:00", Zone{}), "2026-07-31T12:00:00.000000Z");
}

TEST(Zone, AnHourThatWasSkippedOrTwiceIsAskedBack) {
  // In Berlin clocks went from 2:00 to 3:00 on 29 March 2026, and from 3:00 back to 2:00 on 25 October.
  const Zone berlin = zone("Europe/Berlin");
  EXPECT_EQ(utc("2026-03-29 02:30", berlin),
            "2026-03-29T02:30 never was in Europe/Berlin: the clocks were put forward over it; correct it, "
            "or write 2026-03-29T02:30+01:00 or 2026-03-29T02:30+02:00");
  EXPECT_EQ(utc("2026-10-25 02:30:00", berlin),
            "2026-10-25T02:30 was twice in Europe/Berlin: the clocks were put back over it; say which, "
            "2026-10-25T02:30+02:00 or 2026-10-25T02:30+01:00");
  EXPECT_THAT(utc("2026-10-25 02:30:09.5", berlin), HasSubstr("which, 2026-10-25T02:30:09.500000+02:00 or"));
  EXPECT_THAT(utc("2026-11-01T01:30", zone("America/New_York")),
              HasSubstr("2026-11-01T01:30-04:00 or 2026-11-01T01:30-05:00"));
  // Both ways out are taken, and the hours around are as ever.
  EXPECT_EQ(utc("2026-03-29T02:30+01:00", berlin), "2026-03-29T01:30:00.000000Z");
  EXPECT_EQ(utc("2026-10-25T02:30+01:00", berlin), "2026-10-25T01:30:00.000000Z");
  EXPECT_EQ(utc("2026-03-29T03:00", berlin), "2026-03-29T01:00:00.000000Z");
  EXPECT_EQ(utc("2026-10-25T03:00", berlin), "2026-10-25T02:00:00.000000Z");
  EXPECT_EQ(utc("2026-10-25T02:30", zone("UTC")), "2026-10-25T02:30:00.000000Z");
}

TEST(Zone, WithoutAnOffsetSomebodyMustSayWhoseClockItWas) {
  EXPECT_THAT(utc("2026-01-31T12:00", std::nullopt), HasSubstr("has no offset to UTC"));
  EXPECT_THAT(utc("2026-01-31", zone("UTC")), HasSubstr("\"2026-01-31\" is no time"));
  EXPECT_THAT(utc("yesterday", std::nullopt), HasSubstr("\"yesterday\" is no time"));
  EXPECT_EQ(utc_of("yesterday", Zone{}).error().code, ErrorCode::bad_input);
}

std::string day_in(const char* place, const char* text) {
  return day_text(zone(place).day_of(utc_of(text, std::nullopt).value()));
}

TEST(Zone, DaysFollowTheClockOnTheWallAcrossBothSwitches) {
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
  EXPECT_EQ(day_text(Zone{}.day_of(UtcTime{std::chrono::microseconds{-1}})), "1969-12-31");
}

TEST(Zone, TextsSayTheOffset) {
  const UtcTime late = utc_of("2026-03-01T23:30Z", std::nullopt).value();
  EXPECT_EQ(zone("Asia/Kolkata").text_of(late), "2026-03-02T05:00:00+05:30");
  EXPECT_EQ(zone("America/St_Johns").text_of(late), "2026-03-01T20:00:00-03:30");
  EXPECT_EQ(Zone{}.text_of(late), "2026-03-01T23:30:00+00:00");
}

TEST(Zone, NamesAreThoseOfTheDataBase) {
  EXPECT_EQ(zone("Europe/Berlin").name(), "Europe/Berlin");
  EXPECT_EQ(zone("UTC").name(), "UTC");
  EXPECT_EQ(Zone{}.name(), "UTC");
  for (const char* name : {"", "Europe/Atlantis", "../../etc/passwd", "europe/berlin"}) {
    const Result<Zone> none = Zone::find(name);
    ASSERT_FALSE(none) << name;
    EXPECT_EQ(none.error().code, ErrorCode::wrong_use);
  }
}

}  // namespace
}  // namespace pyro
