#include "pyro/trend/weekly.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>

#include "numbers.hpp"
#include "pyro/trend/group.hpp"
#include "pyro/trend/reliable.hpp"

namespace pyro::trend {
namespace {

const Day kMonday{std::chrono::year{2026} / 1 / 5};

Thresholds at_40_50_60(double margin = 2) {
  return {true, {40, 50, 60}, margin, "test"};
}

// One value for each day of a week; NaN: none.
std::vector<DayValue> days_of(const std::vector<double>& values, Day first = kMonday) {
  std::vector<DayValue> days;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i]))
      days.push_back({first + std::chrono::days{static_cast<int>(i)}, values[i], kNaN, 1});
  }
  return days;
}

// Weeks of seven like days.
std::vector<DayValue> weeks_of(const std::vector<double>& weekly) {
  std::vector<double> values;
  for (const double value : weekly) values.insert(values.end(), 7, value);
  return days_of(values);
}

std::string letters(const std::vector<Week>& log) {
  std::string out;
  for (const Week& week : log)
    out += week.level ? "LMEH"[static_cast<std::size_t>(*week.level)]
                      : "lsu-."[static_cast<std::size_t>(week.state)];
  return out;
}

std::string log_of(const std::vector<double>& weekly, const WeekSettings& settings = {}) {
  return letters(weekly_log(weeks_of(weekly), at_40_50_60(), settings));
}

TEST(WeeklyLog, StartsWithTheThirdWeekAndNeedsTwoToMove) {
  EXPECT_EQ(log_of({30, 30, 30, 55, 30, 55, 55, 55}), "ssLLLLEE");
  EXPECT_EQ(log_of({30, 65, 30, 30}), "ssLL") << "the middle of the first three";
  EXPECT_EQ(log_of({30, 30, 30, 45, 70}), "ssLLM") << "up to what both reach";
  EXPECT_EQ(log_of({65, 65, 65, 30, 45, 30, 30}), "ssHHMML") << "down to what both have left";
  EXPECT_EQ(log_of({65, 65, 65, 59, 59, 59}), "ssHHHH") << "59 is not the margin below 60";
  EXPECT_EQ(log_of({65, 65, 65, 57, 57}), "ssHHE");
}

TEST(WeeklyLog, WeeksThatDoNotSpeakStayEmpty) {
  EXPECT_EQ(log_of({30, 30, 30, kNaN, kNaN, 55, 55}), "ssL..LE");
  EXPECT_EQ(log_of({30, 30, 30, kNaN, kNaN, kNaN, kNaN, kNaN, 55, 55, 55}), "ssL.....ssE") << "begins anew";
  EXPECT_EQ(log_of({30, 30, 30, kNaN, 55, 55}, {.least_days = 2, .longest_gap = 1}), "ssL.LE");
  std::vector<double> values(28, 30);
  for (std::size_t i = 14; i < 20; ++i) values[i] = kNaN;
  const std::vector<Week> log = weekly_log(days_of(values), at_40_50_60());
  EXPECT_EQ(letters(log), "ss-L");
  EXPECT_EQ(log[2].days, 1);
  EXPECT_EQ(log[2].value, 30) << "what little there is is shown, without a level";
}

TEST(WeeklyLog, HigherMayBeBetter) {
  Thresholds thresholds{false, {-3, -2.5, -2}, 0.25, "test"};  // moderate from 3 downwards
  EXPECT_EQ(letters(weekly_log(weeks_of({4, 4, 4, 2, 2}), thresholds)), "ssLLH");
}

// Whatever one day says, a log whose other days stay in their level does not move.
RC_GTEST_PROP(WeeklyLog, OneExtremeDayChangesNothing, ()) {
  const int level = *rc::gen::inRange(0, 4);
  const auto n = *rc::gen::inRange<std::size_t>(30, 150);
  const WeekSettings settings{*rc::gen::inRange(1, 5), *rc::gen::inRange(1, 6)};
  std::vector<double> values;
  for (std::size_t i = 0; i < n; ++i) {
    const bool absent = *rc::gen::inRange(0, 4) == 0;
    values.push_back(absent ? kNaN : 30 + 10 * level + 0.1 * *rc::gen::inRange(0, 100));
  }
  values[*rc::gen::inRange<std::size_t>(0, n)] = *rc::gen::element(-1e9, 0.0, 45.0, 100.0, 1e9);
  const Day first = kMonday + std::chrono::days{*rc::gen::inRange(0, 7)};
  for (const Week& week : weekly_log(days_of(values, first), at_40_50_60(*rc::gen::inRange(0, 5)), settings))
    RC_ASSERT(!week.level || static_cast<int>(*week.level) == level);
}

// A shift that stays shows within three weeks, on whatever weekday it comes, in either direction.
RC_GTEST_PROP(WeeklyLog, AShiftThatStaysShows, ()) {
  const int before = *rc::gen::inRange(0, 4), after = *rc::gen::inRange(0, 4);
  const auto at = *rc::gen::inRange<std::size_t>(28, 60);
  std::vector<double> values;
  for (std::size_t i = 0; i < 100; ++i)
    values.push_back(32 + 10 * (i < at ? before : after) + 0.1 * (*rc::gen::inRange(0, 50)));
  const Day first = kMonday + std::chrono::days{*rc::gen::inRange(0, 7)};
  const Day shift = first + std::chrono::days{static_cast<int>(at)};
  for (const Week& week : weekly_log(days_of(values, first), at_40_50_60())) {
    if (week.week.monday >= shift + std::chrono::days{14} && week.days > 1)
      RC_ASSERT(static_cast<int>(*week.level) == after);
  }
}

TEST(Baseline, OfTheFirstDays) {
  std::vector<double> values;
  for (int i = 0; i < 40; ++i) values.push_back(i < 28 ? 40 + i % 5 : 90);
  const Result<Baseline> baseline = baseline_of(days_of(values), 28);
  ASSERT_TRUE(baseline);
  EXPECT_EQ(baseline->days, 28);
  EXPECT_EQ(baseline->middle, 42);
  EXPECT_DOUBLE_EQ(baseline->spread, 1.4826);
  const Thresholds own = own_thresholds(*baseline, true), turned = own_thresholds(*baseline, false);
  EXPECT_DOUBLE_EQ(own.from[1], 42 + 1.4826);
  EXPECT_DOUBLE_EQ(turned.strain(turned.from[1]), 42 - 1.4826);
  EXPECT_FALSE(baseline_of(days_of(std::vector<double>(40, 3.0)), 28)) << "constant";
  EXPECT_FALSE(baseline_of(days_of(std::vector<double>{1, 2, 3}), 28));
}

TEST(ReliableChange, OfJacobsonAndTruax) {
  // SD 7.5, r 0.8: standard error of the difference 7.5 sqrt(0.4) = 4.7434.
  const ReliableChange change = reliable_change(47.5, 32.5, {7.5, 0.8}, true);
  EXPECT_NEAR(change.standard_error, 4.743416490, 1e-9);
  EXPECT_NEAR(change.index, -3.162277660, 1e-9);
  EXPECT_EQ(change.change, Change::better);
  EXPECT_EQ(reliable_change(47.5, 40, {7.5, 0.8}, true).change, Change::none);
  EXPECT_EQ(reliable_change(47.5, 32.5, {7.5, 0.8}, false).change, Change::worse);
}

TEST(ReliableChange, FromTheOwnBaseline) {
  std::vector<double> values;
  for (int i = 0; i < 84; ++i) values.push_back((i < 56 ? 40 : 44) + (i * 7) % 5);
  const auto days = days_of(values);
  const Result<Baseline> baseline = baseline_of(days, 28);
  ASSERT_TRUE(baseline);
  const Result<ReliableChange> change = change_from_baseline(days, *baseline, 28, true);
  ASSERT_TRUE(change);
  EXPECT_EQ(change->change, Change::worse);
  const double worth = (1 - baseline->lag1) / (1 + baseline->lag1);
  EXPECT_NEAR(change->standard_error, baseline->deviation * std::sqrt(2 / (28 * worth)), 1e-12);
  EXPECT_FALSE(change_from_baseline(days_of({values.begin(), values.begin() + 40}), *baseline, 28, true))
      << "the recent days reach into the baseline";
}

std::vector<std::vector<Week>> people_with(const std::vector<std::vector<double>>& weekly) {
  std::vector<std::vector<Week>> logs;
  for (const auto& one : weekly) logs.push_back(weekly_log(weeks_of(one), at_40_50_60()));
  return logs;
}

TEST(Group, SaysNothingOfFewerThanK) {
  const auto nine = people_with(std::vector<std::vector<double>>(9, {40, 41, 42}));
  const Result<Group> refused = group_weeks(nine, {10, 1});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::bad_input);
  EXPECT_EQ(refused.error().message.find('9'), std::string::npos) << "not even how many there are";

  std::vector<std::vector<double>> ten;
  for (int i = 0; i < 10; ++i) ten.push_back({40.0 + i, i == 3 ? kNaN : 41.0, 42});
  const Result<Group> group = group_weeks(people_with(ten), {10, 1});
  ASSERT_TRUE(group);
  ASSERT_EQ(group->weeks.size(), 3U);
  EXPECT_TRUE(group->weeks[0].shown);
  EXPECT_EQ(group->weeks[0].median, 45) << "44.5, rounded to the grid";
  EXPECT_FALSE(group->weeks[1].shown) << "nine people";
  EXPECT_TRUE(group->weeks[2].shown) << "the same ten";
}

// However people come and go: no two weeks that are shown differ by one or two people, none has fewer than k,
// and counts are multiples of 5.
RC_GTEST_PROP(Group, NoTwoShownWeeksSingleOutAPerson, ()) {
  const auto people = *rc::gen::inRange<std::size_t>(6, 25);
  std::vector<std::vector<double>> weekly(people);
  for (auto& one : weekly) {
    for (int week = 0; week < 12; ++week)
      one.push_back(*rc::gen::inRange(0, 6) == 0 ? kNaN : 40 + *rc::gen::inRange(0, 20));
    one.front() = one.back() = 40;  // so that all logs have the same weeks
  }
  const auto logs = people_with(weekly);
  const Result<Group> group = group_weeks(logs, {6, 1});
  RC_ASSERT(group.has_value());
  std::vector<std::vector<bool>> shown;
  for (std::size_t week = 0; week < group->weeks.size(); ++week) {
    if (!group->weeks[week].shown) continue;
    RC_ASSERT(group->weeks[week].people % 5 == 0);
    std::vector<bool> members;
    for (const auto& one : weekly) members.push_back(std::isfinite(one[week]));
    RC_ASSERT(std::ranges::count(members, true) >= 6);
    for (const auto& before : shown) {
      int differing = 0;
      for (std::size_t i = 0; i < people; ++i) differing += before[i] != members[i] ? 1 : 0;
      RC_ASSERT(differing == 0 || differing >= 3);
    }
    shown.push_back(members);
  }
}

}  // namespace
}  // namespace pyro::trend
