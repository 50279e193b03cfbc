#include "pyro/trend/series.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

namespace pyro::trend {
namespace {

Result<SeriesTable> table_of(const std::string& csv, const SeriesSettings& settings = {}) {
  std::vector<NamedInput> inputs;
  inputs.push_back({std::make_unique<std::istringstream>(csv), "t.csv"});
  return read_series(std::move(inputs), settings);
}

std::string error_of(const std::string& csv, const SeriesSettings& settings = {}) {
  const Result<SeriesTable> table = table_of(csv, settings);
  if (table) return "no error";
  EXPECT_EQ(table.error().code, ErrorCode::bad_input);
  return table.error().message;
}

// The defaults with a change.
template <typename Set>
SeriesSettings with(const Set& set) {
  SeriesSettings settings;
  set(settings);
  return settings;
}

bool says(const std::string& text, const std::string& wanted) {
  return text.find(wanted) != std::string::npos;
}

TEST(Series, PlainTable) {
  const Result<SeriesTable> table = table_of(
      "person,time_utc,value\nb,2026-01-02T08:00:00Z,4\na,2026-01-01,2.5\nb,2026-01-01T08:00:00Z,3\nb,2026-"
      "01-03,\n");
  ASSERT_TRUE(table) << table.error().text();
  ASSERT_EQ(table->people.size(), 2U);
  const PersonSeries& b = table->people[0];
  EXPECT_EQ(b.person, "b");
  ASSERT_EQ(b.readings.size(), 2U) << "a row without a value is passed over";
  EXPECT_EQ(b.readings[0].value, 3) << "sorted";
  ASSERT_EQ(b.remarks.size(), 1U);
  EXPECT_TRUE(says(b.remarks[0], "went back 1 time")) << b.remarks[0];
  EXPECT_TRUE(table->people[1].remarks.empty());
}

TEST(Series, ForeignColumnsAndMissingValues) {
  const Result<SeriesTable> table =
      table_of("who,when,stress\nx,2026-01-01 08:00,0\nx,2026-01-02 08:00,3\n", with([](SeriesSettings& s) {
                 s.person_column = "who";
                 s.time_column = "when";
                 s.value_column = "stress";
                 s.missing = {0};
               }));
  ASSERT_TRUE(table) << table.error().text();
  EXPECT_EQ(table->people[0].readings.size(), 1U);
  EXPECT_EQ(table->measure, "stress");
}

TEST(Series, TheTimezoneDecidesTheDay) {
  const char* csv =
      "person,time_utc,value,timezone\na,2026-03-28T23:30:00Z,1,Europe/Berlin\na,2026-03-29T21:59:00Z,2,\n"
      "a,2026-03-29T22:30:00Z,3,Europe/Berlin\n";
  const Result<SeriesTable> table =
      table_of(csv, with([](SeriesSettings& s) { s.timezone = "Europe/Berlin"; }));
  ASSERT_TRUE(table) << table.error().text();
  const std::vector<DayValue> days = by_day(table->people[0].readings);
  ASSERT_EQ(days.size(), 2U);
  EXPECT_EQ(days[0].readings, 2) << "both on the 29th, which has 23 hours";
  EXPECT_EQ(days[0].value, 1.5);
  EXPECT_EQ(iso_week(days[0].day).week + 1, iso_week(days[1].day).week) << "and Monday is another week";
}

constexpr char kSessions[] =
    "face_id,start,frames,valid_frames,score_final,index,perclos,models,settings_hash";

TEST(Series, SessionsOfOurOwn) {
  const std::string person = std::string("person,") + kSessions + "\n";
  const Result<SeriesTable> table = table_of(person +
                                             "a,0,2026-01-01T08:00:00.000000Z,100,90,0.1,41.5,0.12,m,s\n"
                                             "a,0,2026-01-02T08:00:00.000000Z,100,10,0.1,80,0.5,m,s\n"
                                             "a,0,2026-01-03T08:00:00.000000Z,100,90,0.1,42,,m,other\n");
  ASSERT_TRUE(table) << table.error().text();
  EXPECT_TRUE(table->session_index);
  const PersonSeries& a = table->people[0];
  ASSERT_EQ(a.readings.size(), 2U) << "a session with a tenth of valid frames says nothing";
  EXPECT_EQ(a.readings[0].perclos, 0.12);
  EXPECT_TRUE(std::isnan(a.readings[1].perclos));
  ASSERT_EQ(a.remarks.size(), 2U);
  EXPECT_TRUE(says(a.remarks[0], "different models or settings"));
  EXPECT_TRUE(says(a.remarks[1], "left out"));

  const std::string alone = std::string(kSessions) + "\n0,2026-01-01T08:00:00Z,100,90,0.1,41.5,0.12,m,s\n";
  ASSERT_TRUE(table_of(alone, with([](SeriesSettings& s) { s.person = "p7"; })));
  EXPECT_EQ(table_of(alone, with([](SeriesSettings& s) { s.person = "p7"; }))->people[0].person, "p7");
  EXPECT_TRUE(says(error_of(alone + "1,2026-01-01T08:00:00Z,100,90,0.1,41.5,0.12,m,s\n"), "nobody's name"));
}

TEST(Series, SurveyResultsAreNotMixed) {
  const std::string head = "person,time_utc,instrument,version,scale,score,percent,category,answered,items\n";
  const std::string pss = "a,2026-01-01,PSS-10,1,total,20,50,moderate,10,10\n";
  const std::string coping = "a,2026-01-01,PSS-10,1,coping,8,50,,4,4\n",
                    who = "a,2026-02-01,WHO-5,1,total,12,48,,5,5\n";
  EXPECT_TRUE(table_of(head + pss));
  EXPECT_TRUE(says(error_of(head + pss + coping), "--scale"));
  EXPECT_TRUE(says(error_of(head + pss + who), "--instrument"));
  EXPECT_TRUE(
      says(error_of(head + pss + "a,2026-02-01,PSS-10,2,total,12,48,,10,10\n"), "PSS-10 1, PSS-10 2"));
  const Result<SeriesTable> chosen = table_of(head + pss + coping + who, with([](SeriesSettings& s) {
                                                s.instrument = "PSS-10";
                                                s.scale = "total";
                                              }));
  ASSERT_TRUE(chosen) << chosen.error().text();
  EXPECT_EQ(chosen->people[0].readings.size(), 1U);
  EXPECT_EQ(chosen->measure, "PSS-10 1 total, score");
}

TEST(Series, BadTablesSayWhere) {
  const std::string head = "person,time_utc,value\n";
  EXPECT_TRUE(says(error_of(head + "a,2026-01-01,1\na,2026-01-01,2\n"), "line 3"));
  EXPECT_TRUE(says(error_of(head + "a,2026-01-01T12:00Z,1\na,2026-01-01T13:00+01:00,1\n"),
                   "already (t.csv, line 2)"));
  for (const char* value : {"nan", "NaN", "inf", "-inf", "1e999", "three", "3,5", "0x10", "1;2"})
    EXPECT_TRUE(says(error_of(head + "a,2026-01-01," + value + "\n"), "line 2")) << value;
  EXPECT_TRUE(says(error_of(head + "a,yesterday,1\n"), "line 2: 'yesterday'"));
  EXPECT_TRUE(says(error_of(head + ",2026-01-01,1\n"), "person is empty"));
  EXPECT_TRUE(says(error_of(head), "no row with a value"));
  EXPECT_TRUE(says(error_of(""), "is empty"));
  EXPECT_TRUE(says(error_of("person,value\na,1\n"), "--time"));
  EXPECT_TRUE(says(error_of("person,time\na,2026-01-01\n"), "--value"));
  EXPECT_TRUE(says(error_of("person,time,value,value\n"), "two columns"));
  EXPECT_TRUE(
      says(error_of(head + "a,2026-01-01,1\n", with([](SeriesSettings& s) { s.value_column = "mood"; })),
           "'mood'"));
  EXPECT_TRUE(
      says(error_of(head + "a,2026-01-01,1\n", with([](SeriesSettings& s) { s.person = "z"; })), "it has a"));
  EXPECT_FALSE(
      table_of(head + "a,2026-01-01,1\n", with([](SeriesSettings& s) { s.timezone = "Mars/Olympus"; })));
  EXPECT_TRUE(says(error_of("person,time,value,timezone\na,2026-01-01,1,Nowhere\n"),
                   "line 2: there is no time zone"));
}

}  // namespace
}  // namespace pyro::trend
