#include "pyro/surveys/import.hpp"

#include <gmock/gmock.h>

#include "test_support.hpp"

namespace pyro::surveys {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::shipped;

Result<Imported> import_text(const std::string& text, const std::string& id = "pss-4",
                             const ImportSettings& settings = {}) {
  return import_responses(std::make_unique<std::istringstream>(text), "x.csv", shipped(id), settings);
}

std::string wrong_with(const std::string& text, const ImportSettings& settings = {},
                       const std::string& id = "pss-4") {
  const Result<Imported> imported = import_text(text, id, settings);
  return imported ? "" : imported.error().message;
}

ImportSettings in_zone(const char* zone) {
  ImportSettings settings;
  settings.zone = *Zone::find(zone);
  return settings;
}

TEST(SurveyImport, RedcapWithEventsFormsAndTimestamps) {
  const Result<Imported> imported = import_text(
      "record_id,redcap_event_name,consent_timestamp,consent_complete,pss_timestamp,pss_1,pss_2,pss_3,pss_4,"
      "pss_complete,end_complete\n"
      "1,baseline_arm_1,2026-01-01 09:00,2,2026-01-31 12:04,1,2,3,4,2,0\n"
      "1,week1_arm_1,,0,2026-02-07 12:04,0,,3,4,2,0\n"
      "2,baseline_arm_1,2026-01-01 09:00,2,[not completed],1,2,,,0,0\n"
      "3,baseline_arm_1,2026-01-01 09:00,2,,,,,,0,0\n",
      "pss-4", in_zone("Europe/Berlin"));
  ASSERT_TRUE(imported) << imported.error().text();
  EXPECT_EQ(imported->layout, Layout::redcap);
  EXPECT_EQ(imported->unfinished, 1);
  EXPECT_EQ(imported->empty, 1);
  EXPECT_EQ(imported->time_column, "pss_timestamp");
  ASSERT_EQ(imported->responses.size(), 2);
  EXPECT_EQ(imported->responses[0].person, "1");
  EXPECT_EQ(utc_text(imported->responses[0].time), "2026-01-31T11:04:00.000000Z");
  EXPECT_THAT(imported->responses[0].answers, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(imported->responses[1].answers, ElementsAre(0, std::nullopt, 3, 4));
}

TEST(SurveyImport, QualtricsWithThreeLinesOfTitlesSaysItsOwnZone) {
  const std::string text =
      "StartDate,EndDate,Status,Finished,ResponseId,ExternalReference,UserLanguage,Q2_1,Q2_2,Q2_3,Q2_4\n"
      "Start Date,End Date,Response Type,Finished,Response ID,External Data Reference,User "
      "Language,one,two,three,\"four, and\nlast\"\n"
      "\"{\"\"ImportId\"\":\"\"startDate\"\",\"\"timeZone\"\":\"\"America/"
      "Denver\"\"}\",\"{\"\"ImportId\"\":\"\"endDate\"\",\"\"timeZone\"\":\"\"America/Denver\"\"}\","
      "\"{\"\"ImportId\"\":\"\"status\"\"}\",\"{\"\"ImportId\"\":\"\"finished\"\"}\",\"{\"\"ImportId\"\":"
      "\"\"_recordId\"\"}\",\"{\"\"ImportId\"\":\"\"externalDataReference\"\"}\","
      "\"{\"\"ImportId\"\":\"\"userLanguage\"\"}\",\"{\"\"ImportId\"\":\"\"QID2_1\"\"}\",\"{\"\"ImportId\"\":"
      "\"\"QID2_2\"\"}\",\"{\"\"ImportId\"\":\"\"QID2_3\"\"}\",\"{\"\"ImportId\"\":\"\"QID2_4\"\"}\"\n"
      "2026-07-01 08:00:00,2026-07-01 08:05:00,IP Address,True,R_1,,EN,0,1,2,3\n"
      "2026-07-01 08:00:00,2026-07-01 08:06:00,Survey Preview,True,R_2,,EN,0,1,2,3\n"
      "2026-07-01 08:00:00,2026-07-01 08:07:00,IP Address,False,R_3,,EN,0,,,\n";
  const Result<Imported> imported = import_text(text);
  ASSERT_TRUE(imported) << imported.error().text();
  EXPECT_EQ(imported->layout, Layout::qualtrics);
  EXPECT_EQ(imported->unfinished, 2);
  ASSERT_EQ(imported->responses.size(), 1);
  EXPECT_EQ(imported->person_column, "ResponseId");
  EXPECT_EQ(imported->responses[0].language, "EN");
  EXPECT_EQ(utc_text(imported->responses[0].time), "2026-07-01T14:05:00.000000Z");
  EXPECT_EQ(utc_text(import_text(text, "pss-4", in_zone("UTC"))->responses[0].time),
            "2026-07-01T08:05:00.000000Z");
  EXPECT_THAT(
      wrong_with("StartDate,EndDate,ResponseId,Q1,Q2,Q3,Q4\n2026-07-01 08:00,2026-07-01 08:00,R_1,1,1,1,1\n"),
      HasSubstr("three lines of titles"));
}

TEST(SurveyImport, LimesurveyWithCodesOfQuestionsAndAnswers) {
  const std::string titles =
      "id,submitdate,lastpage,startlanguage,token,G01Q02[SQ001],G01Q02[SQ002],G01Q02[SQ003],G01Q02[SQ004]\n";
  ImportSettings settings = in_zone("UTC");
  const std::string rows = "1,2026-01-31 12:04:05,2,de,anna,A1,A2,A3,A5\n2,,1,de,bert,A1,A2,,\n";
  EXPECT_THAT(wrong_with(titles + rows, settings),
              AllOf(HasSubstr("x.csv line 2, column G01Q02[SQ001]: \"A1\" is no answer from 0 to 4"),
                    HasSubstr("--answers")));
  settings.answers = {{"A1", 0}, {"A2", 1}, {"A3", 2}, {"A4", 3}, {"A5", 4}};
  const Result<Imported> imported = import_text(titles + rows, "pss-4", settings);
  ASSERT_TRUE(imported) << imported.error().text();
  EXPECT_EQ(imported->layout, Layout::limesurvey);
  EXPECT_EQ(imported->unfinished, 1);
  ASSERT_EQ(imported->responses.size(), 1);
  EXPECT_EQ(imported->responses[0].person, "anna");
  EXPECT_THAT(imported->responses[0].answers, ElementsAre(0, 1, 2, 4));
  EXPECT_THAT(wrong_with(titles + "1,1980-01-01 00:00:00,2,de,anna,A1,A2,A3,A5\n", settings),
              HasSubstr("not date-stamped"));
  EXPECT_THAT(wrong_with(titles + "1,2026-01-31 12:04:05,2,de,anna,A1,A2,A3,A6\n", settings),
              HasSubstr("\"A6\" is no answer that the table"));
}

TEST(SurveyImport, ColumnsByMapAndByTheQuestionnairesName) {
  ImportSettings settings = in_zone("UTC");
  settings.columns = {{"who", "person"}, {"when", "time"}, {"tired", "1"},
                      {"calm", "2"},     {"sure", "3"},    {"full", "4"}};
  const Result<Imported> imported =
      import_text("who,when,full,calm,sure,tired\np,2026-01-31 12:04,4,2,3,1\n", "pss-4", settings);
  ASSERT_TRUE(imported) << imported.error().text();
  EXPECT_THAT(imported->responses[0].answers, ElementsAre(1, 2, 3, 4));
  settings.columns.erase("sure");
  EXPECT_THAT(wrong_with("who,when,full,calm,sure,tired\np,2026-01-31 12:04,4,2,3,1\n", settings),
              HasSubstr("no column for item 3"));
  settings.columns = {{"whom", "person"}};
  EXPECT_THAT(wrong_with("who,time,q1,q2,q3,q4\n", settings), HasSubstr("no column \"whom\""));
  // Two series of four: the one that is called as the questionnaire is.
  EXPECT_EQ(import_text(
                "person,time,q1,q2,q3,q4,pss4_1,pss4_2,pss4_3,pss4_4\np,2026-01-31T12:04Z,9,9,9,9,1,1,1,1\n")
                ->item_columns[0],
            "pss4_1");
  EXPECT_THAT(wrong_with("person,time,q1,q2,q3,q4,r1,r2,r3,r4\n"),
              HasSubstr("several series of 4 columns (q1, r1)"));
  EXPECT_THAT(wrong_with("person,time,q1,q2,q3,q4,q5\n"), HasSubstr("numbered from 1 to 4"));
  EXPECT_THAT(wrong_with("q1,q2,q3,q4\n"), HasSubstr("--format"));
  EXPECT_THAT(wrong_with("record_id,q1,q2,q3,q4\n"), HasSubstr("no column for the time"));
  EXPECT_THAT(wrong_with("person;time;q1;q2;q3;q4\n"), HasSubstr("no commas"));
}

TEST(SurveyImport, ImpossibleAnswersAreNamedAndNothingIsTaken) {
  const std::string titles = "person,time,q1,q2,q3,q4\n", good = "a,2026-01-31T12:04Z,1,1,1,1\n";
  EXPECT_EQ(wrong_with(titles + good + "b,2026-01-31T12:04Z,1,5,1,1\n"),
            "x.csv line 3, column q2: \"5\" is no answer from 0 to 4");
  EXPECT_THAT(wrong_with(titles + good + "b,2026-01-31T12:04Z,1,2.5,1,1\n"),
              HasSubstr("column q2: \"2.5\" is no answer"));
  EXPECT_THAT(wrong_with(titles + good + "b,2026-01-31T12:04Z,1,often,1,1\n"),
              HasSubstr("column q2: \"often\" is no answer"));
  EXPECT_THAT(wrong_with(titles + good + "b,2026-01-31T12:04Z,1,-1,1,1\nc,2026-01-31T12:04Z,1,nan,1,1\n"),
              HasSubstr("line 3, column q2: \"-1\" is no answer from 0 to 4 (and 1 more lines"));
  EXPECT_EQ(wrong_with(titles + good + good),
            "x.csv line 3 repeats x.csv line 2: the same person at the same time");
  // The same instant in other words is the same time.
  EXPECT_THAT(wrong_with(titles + good + "a,2026-01-31 13:04:00 +01:00,1,1,1,1\n"),
              HasSubstr("line 3 repeats"));
  EXPECT_THAT(wrong_with(titles + ",2026-01-31T12:04Z,1,1,1,1\n"),
              HasSubstr("column person: names no person"));
  EXPECT_THAT(wrong_with(titles + "a,2026-01-31 12:04,1,1,1,1\n"),
              HasSubstr("column time: \"2026-01-31 12:04\" has no offset to UTC"));
  EXPECT_THAT(wrong_with(titles + "a,2026-01-31T12:04Z,1,1,1\n"),
              HasSubstr("line 2 has 5 cells, the first line 6"));
  EXPECT_THAT(wrong_with(titles + "a,2026-01-31T12:04Z,,,,\n"),
              HasSubstr("no finished response to \"pss-4\" (0 unfinished, 1 without"));
  EXPECT_THAT(wrong_with(""), HasSubstr("empty"));
}

TEST(Import, TimesThatAClockSkippedOrShowedTwiceAreAskedBack) {
  const auto wrong_at = [&](const std::string& time, const std::optional<Zone>& zone) {
    ImportSettings settings;
    settings.zone = zone;
    const auto answer = import_text("person,time,q1,q2,q3,q4\na," + time + ",1,2,3,4\n", "pss-4", settings);
    return answer ? "" : answer.error().message;
  };
  const Zone berlin = *Zone::find("Europe/Berlin");
  EXPECT_THAT(wrong_at("2026-03-29 02:30", berlin), HasSubstr("never was in Europe/Berlin"));
  EXPECT_THAT(wrong_at("2026-10-25 02:30", berlin),
              HasSubstr("line 2, column time: 2026-10-25T02:30 was twice in Europe/Berlin"));
  EXPECT_THAT(wrong_at("2026-10-25 02:30", std::nullopt),
              AllOf(HasSubstr("has no offset to UTC"), HasSubstr("--timezone")));
  EXPECT_THAT(wrong_at("2026-01-31", std::nullopt),
              AllOf(HasSubstr("is no time"), Not(HasSubstr("--timezone"))));
  EXPECT_EQ(wrong_at("2026-10-25 02:30+01:00", berlin), "");
}

}  // namespace
}  // namespace pyro::surveys
