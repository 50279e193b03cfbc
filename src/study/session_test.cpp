#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "pyro/study/aggregate.hpp"
#include "pyro/study/library.hpp"
#include "pyro/study/seconds.hpp"
#include "pyro/study/session_table.hpp"
#include "test_runs.hpp"

namespace pyro::study {
namespace {

using testing::HasSubstr;

std::string run_of(int frames, unsigned seed = 1) {
  std::mt19937 random{seed};
  std::string text = kRunHeader;
  for (int i = 0; i < frames; ++i)
    text += run_row(i, i / 25.0, std::sin(i / 40.0) * 0.5 + static_cast<double>(random() % 1000) / 4000);
  return text;
}

TEST(Session, MergedSecondsEqualTheFormulaOverAllFrames) {
  const TestFolder folder;
  std::string text = kRunHeader;
  std::vector<double> steps;
  std::mt19937 random{7};
  for (int i = 0; i < 5000; ++i) {
    const double strain = std::round((static_cast<double>(random() % 2001) / 1000 - 1) * 1e6) / 1e6;
    text += run_row(i, i / 30.0, strain);
    steps.push_back(strain);
  }
  const Result<SessionSeconds> session = read_session({folder.write("frames.csv", text), {}, {}}, {});
  ASSERT_TRUE(session) << session.error().text();
  double mean = 0, squares = 0;
  for (const double step : steps) mean += step / 5000;
  for (const double step : steps) squares += (step - mean) * (step - mean) / 5000;
  const SessionAggregate all = aggregate(*session, {});
  EXPECT_NEAR(all.score, mean, 1e-12);
  EXPECT_NEAR(all.volatility, squares, 1e-12);
  EXPECT_EQ(all.scored, 5000);
  // What was written reads back the same.
  ASSERT_TRUE(write_seconds(*session, folder / "one.sec"));
  SessionSeconds again;
  ASSERT_TRUE(read_seconds(folder / "one.sec", again));
  EXPECT_EQ(aggregate(again, {}).score, all.score);
  EXPECT_EQ(again.facts.start, kRunStart);
  EXPECT_EQ(again.signals[0].mean, session->signals[0].mean);
}

TEST(Session, QuantilesAreTypeSeven) {
  std::vector<float> values{4, 1, 3, 2};
  EXPECT_DOUBLE_EQ(quantile(values, 0.5), 2.5);
  EXPECT_DOUBLE_EQ(quantile(values, 0.05), 1.15);
  EXPECT_DOUBLE_EQ(quantile(values, 1), 4);
}

std::string error_of(const TestFolder& folder, const std::string& text) {
  const auto session = read_session({folder.write("bad.csv", text), {}, {}}, {});
  return session ? "no error" : session.error().message;
}

TEST(Session, ClocksThatJumpAndEmptyFilesAreErrors) {
  const TestFolder folder;
  const std::string header = kRunHeader;
  EXPECT_THAT(error_of(folder, header + run_row(0, 1, 0) + run_row(1, 0.5, 0)), HasSubstr("line 3"));
  EXPECT_THAT(error_of(folder, header + run_row(0, 0, 0) + run_row(1, 1, 0, 3600)),
              HasSubstr("wall clock (utc) has jumped by 3600"));
  EXPECT_THAT(error_of(folder, header + run_row(0, -1, 0)), HasSubstr("time_s is -1"));
  EXPECT_THAT(error_of(folder, header + run_row(0, 1e7, 0)), HasSubstr("line 2"));
  EXPECT_THAT(error_of(folder, header), HasSubstr("no rows"));
  EXPECT_THAT(error_of(folder, ""), HasSubstr("empty"));
  // A corrected clock is no jump, and a known start needs no clock.
  EXPECT_EQ(error_of(folder, header + run_row(0, 0, 0) + run_row(1, 1, 0, 0.5)), "no error");
  const auto known = read_session(
      {folder.write("k.csv", header + run_row(0, 0, 0) + run_row(1, 1, 0, 3600)), {}, kRunStart}, {});
  EXPECT_TRUE(known);
}

TEST(Session, NotANumberIsAGapAndNoZero) {
  const TestFolder folder;
  const std::string text = std::string{kRunHeader} + run_row(0, 0, 0.5) +
                           "1,0.5,,0,1,,nan,nan,nan,nan,nan,nan,nan,nan\n" + run_row(2, 0.9, 0.5);
  const auto session = read_session({folder.write("frames.csv", text), {}, {}}, {});
  ASSERT_TRUE(session) << session.error().text();
  EXPECT_EQ(aggregate(*session, {}).scored, 2);
  EXPECT_DOUBLE_EQ(aggregate(*session, {}).score, 0.5);
}

TEST(Session, WhoseItIsMustBeSaid) {
  const TestFolder folder;
  const std::string text = std::string{kRunHeader} + "0,0,,0,1,,1,0,0,0,0,0,0,0\n0,0,,3,1,,0,0,0,1,0,0,0,0\n";
  EXPECT_THAT(error_of(folder, text), HasSubstr("more than one person; say which by --face: 0 (1 valid"));
  const auto one = read_session({folder / "bad.csv", 3, {}}, {});
  ASSERT_TRUE(one);
  EXPECT_DOUBLE_EQ(aggregate(*one, {}).score, -1);
  EXPECT_FALSE(read_session({folder / "bad.csv", 1, {}}, {}));
}

TEST(Seconds, AnyBytesAreSafe) {
  const TestFolder folder;
  const auto session = read_session({folder.write("frames.csv", run_of(300)), {}, {}}, {});
  ASSERT_TRUE(session);
  ASSERT_TRUE(write_seconds(*session, folder / "one.sec"));
  std::ifstream file{folder / "one.sec", std::ios::binary};
  const std::string good{std::istreambuf_iterator<char>(file), {}};
  SessionSeconds into;
  for (std::size_t size = 0; size < good.size(); size += 97) {
    ASSERT_FALSE(read_seconds(folder.write("cut.sec", good.substr(0, size)), into)) << size;
  }
  std::mt19937 random{3};
  for (int i = 0; i < 300; ++i) {
    std::string bad = good;
    bad[8 + random() % 3000] = static_cast<char>(random());
    static_cast<void>(read_seconds(folder.write("bad.sec", bad), into));
  }
  EXPECT_FALSE(read_seconds(folder / "nowhere.sec", into));
}

TEST(Study, AddsOnceAndOneAtATime) {
  const TestFolder folder;
  Result<Study> study = Study::init(folder / "study", {"a study", *Zone::find("Europe/Berlin"), {}, false});
  ASSERT_TRUE(study) << study.error().text();
  EXPECT_FALSE(Study::init(folder / "study", {}));
  NewSession one;
  one.run = folder.write("a.csv", run_of(250, 1));
  one.person = "P01";
  const Result<StudySession> added = study->add(one);
  ASSERT_TRUE(added) << added.error().text();
  EXPECT_EQ(added->id, "P01-001");
  EXPECT_EQ(added->start, kRunStart);
  const Result<StudySession> again = study->add(one);
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error().message, HasSubstr("in the study already, as session P01-001"));
  one.run = folder.write("b.csv", run_of(250, 2));
  const Result<StudySession> overlapping = study->add(one);
  ASSERT_FALSE(overlapping);
  EXPECT_THAT(overlapping.error().message, HasSubstr("cannot be in another at"));
  one.start = "2026-10-25T02:30";
  EXPECT_THAT(study->add(one).error().message, HasSubstr("twice"));
  one.start = "2026-10-25T02:30+01:00";
  one.id = "P01-001";
  EXPECT_THAT(study->add(one).error().message, HasSubstr("already"));
  one.id = "../x";
  EXPECT_EQ(study->add(one).error().code, ErrorCode::wrong_use);
  one.id = "";
  ASSERT_TRUE(study->add(one));

  const Result<Study> reopened = Study::open(folder / "study");
  ASSERT_TRUE(reopened) << reopened.error().text();
  ASSERT_EQ(reopened->sessions().size(), 2U);
  EXPECT_EQ(reopened->sessions()[1].id, "P01-002");
  EXPECT_EQ(reopened->settings().zone.name(), "Europe/Berlin");
  const auto table = write_session_table(*reopened, folder / "t.csv", 2);
  ASSERT_TRUE(table) << table.error().text();
  EXPECT_EQ(table->sessions, 2);
  std::ifstream file{folder / "t.csv"};
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_THAT(text,
              HasSubstr("2026-10-25T01:30:00.000000Z,2026-10-25T02:30:00+01:00,2026-10-25,Europe/Berlin"));
}

TEST(Study, SurveysAreChecked) {
  const TestFolder folder;
  Result<Study> study = Study::init(folder / "study", {});
  ASSERT_TRUE(study);
  const std::string header =
      "person,time_utc,instrument,version,scale,score,percent,category,answered,items\n";
  const std::string line = "P01,2026-03-02T08:00:00Z,PSS-10,1,total,17,42.5,moderate,10,10\n";
  const auto add = [&](const std::string& text) {
    const auto added = study->add_surveys(folder.write("s.csv", header + text));
    return added ? std::to_string(*added) : added.error().message;
  };
  EXPECT_EQ(add(line), "1");
  EXPECT_THAT(add(line), HasSubstr("in the study already"));
  EXPECT_THAT(add("P02,2026-03-02T08:00:00Z,PSS-10,1,total,nan,42.5,moderate,10,10\n"),
              HasSubstr("column score"));
  EXPECT_THAT(add("P02,2026-03-02T08:00:00Z,PSS-10,1,total,17,142.5,,10,10\n"), HasSubstr("0 to 100"));
  EXPECT_THAT(add("P02,2026-03-02T08:00:00Z,PSS-10,1,total,17,,,11,10\n"), HasSubstr("more answers"));
  EXPECT_THAT(add("P02,2.3.2026,PSS-10,1,total,17,,,10,10\n"), HasSubstr("is no time"));
  EXPECT_EQ(study->surveys()->size(), 1U);
  EXPECT_THAT(study->add_surveys(folder.write("s.csv", "person,score\nP,1\n")).error().message,
              HasSubstr("no column \"time_utc\""));
}

TEST(Study, AnUnknownKeyIsAnError) {
  const TestFolder folder;
  ASSERT_TRUE(Study::init(folder / "study", {}));
  std::ofstream{folder / "study/study.toml", std::ios::app} << "\n[score]\n";
  EXPECT_FALSE(Study::open(folder / "study"));
  std::ofstream{folder / "study/study.toml"}
      << "schema = \"pyrometer-study/1\"\nzone = \"UTC\"\ncolour = 1\n";
  EXPECT_THAT(Study::open(folder / "study").error().message, HasSubstr("unknown key \"colour\""));
  std::ofstream{folder / "study/study.toml"} << "schema = \"pyrometer-study/1\"\nzone = \"Mars/Olympus\"\n";
  EXPECT_EQ(Study::open(folder / "study").error().code, ErrorCode::bad_input);
  EXPECT_FALSE(Study::open(folder / "nowhere"));
}

}  // namespace
}  // namespace pyro::study
