#include "pyro/demo/people.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "pyro/report/session_table.hpp"

namespace pyro::demo {
namespace {

using namespace std::chrono_literals;

// A Thursday.
constexpr UtcTime kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 26} + 11h};

std::vector<surveys::Instrument> instruments() {
  auto all = surveys::load_instruments(std::filesystem::path{PYRO_SOURCE_DIR} / "surveys");
  EXPECT_TRUE(all) << all.error().text();
  return std::move(*all);
}

TEST(DemoPeople, AreTheSameForTheSameSeedAndOthersForAnother) {
  const auto all = instruments();
  const DemoPerson one = make_person({.now = kNow}, 3, all), same = make_person({.now = kNow}, 3, all),
                   other = make_person({.seed = 2, .now = kNow}, 3, all);
  ASSERT_EQ(one.sessions.size(), same.sessions.size());
  for (std::size_t i = 0; i < one.sessions.size(); ++i) {
    EXPECT_EQ(one.sessions[i].started, same.sessions[i].started);
    EXPECT_EQ(one.sessions[i].note, same.sessions[i].note);
    EXPECT_EQ(one.sessions[i].frames[100].p, same.sessions[i].frames[100].p);
  }
  EXPECT_NE(one.sessions.front().started, other.sessions.front().started);
  EXPECT_EQ(facts_of({}, 0).pseudonym, "DEMO-01");
  EXPECT_EQ(facts_of({}, 23).name, "Demo 24");
}

TEST(DemoPeople, HaveTwoOrThreeSessionsAWeekByDayAndNothingInTheFuture) {
  const auto all = instruments();
  const DemoSettings settings{.now = kNow};
  EXPECT_EQ(first_day(settings), UtcTime{std::chrono::sys_days{std::chrono::year{2026} / 9 / 21}});
  std::size_t sessions = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const DemoPerson person = make_person(settings, i, all);
    sessions += person.sessions.size();
    UtcTime last = first_day(settings);
    for (const DemoSession& session : person.sessions) {
      EXPECT_GE(session.started, last);
      EXPECT_LE(session.ended, kNow);
      last = session.ended;
      const auto of_day = session.started - std::chrono::floor<std::chrono::days>(session.started);
      EXPECT_TRUE(of_day >= 8h && of_day < 18h);
      for (const Topic& topic : session.topics) {
        EXPECT_FALSE(topic.word.empty());
        EXPECT_TRUE(session.started <= topic.from && topic.from < topic.until &&
                    topic.until <= session.ended);
      }
    }
    EXPECT_TRUE(person.sessions.back().kept);
    EXPECT_FALSE(person.sessions.front().kept);
    EXPECT_GT(person.sessions.back().ended, kNow - std::chrono::days{21});
  }
  EXPECT_GT(sessions, 3 * 9 * 2);
  EXPECT_LT(sessions, 3 * 10 * 4);
}

TEST(DemoPeople, AnswerWhatTheQuestionnairesAllow) {
  const auto all = instruments();
  const DemoPerson person = make_person({.now = kNow}, 5, all);
  std::set<std::string> asked;
  UtcTime last{};
  for (const DemoAnswers& one : person.answers) {
    asked.insert(one.instrument->id);
    EXPECT_GT(one.taken, last);
    last = one.taken;
    EXPECT_LE(one.taken, kNow);
    ASSERT_EQ(one.answers.size(), static_cast<std::size_t>(one.instrument->items));
    for (const int answer : one.answers) {
      EXPECT_GE(answer, one.instrument->answer_min);
      EXPECT_LE(answer, one.instrument->answer_max);
    }
  }
  EXPECT_EQ(asked, (std::set<std::string>{"checkin", "pss-4", "who-5"}));
  EXPECT_TRUE(make_person({.now = kNow}, 5, {}).answers.empty());
}

TEST(DemoPeople, PlayedLookLikeAFaceBeforeACamera) {
  const DemoPerson person = make_person({.now = kNow}, 1, {});
  const score::ScoreSettings settings;
  report::SessionTable table(settings, "simulated", "");
  std::int64_t frame = 0;
  play(person.sessions.front(), settings, [&](const records::Observation& one) {
    EXPECT_EQ(one.frame, frame++);
    EXPECT_EQ(one.valid, one.expression.known());
    EXPECT_EQ(one.valid, one.face.quality.reason == records::GapReason::none);
    EXPECT_EQ(one.valid, std::isfinite(one.score.step));
    table.add(one);
  });
  EXPECT_EQ(frame, 2400);
  ASSERT_EQ(table.persons().size(), 1U);
  const report::PersonSummary& face = table.persons().front();
  EXPECT_GT(2 * face.valid_frames, face.frames);
  EXPECT_GT(face.blinks, 20);
  EXPECT_LT(face.blinks, 200);
  EXPECT_TRUE(face.score.index() > 0 && face.score.index() < 100);
}

}  // namespace
}  // namespace pyro::demo
