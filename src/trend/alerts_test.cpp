#include "pyro/trend/alerts.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "pyro/trend/report.hpp"

namespace pyro::trend {
namespace {

AlertRules shipped_rules() {
  std::ifstream file(std::string(PYRO_SOURCE_DIR) + "/trend/alerts.toml");
  Result<AlertRules> rules = read_alert_rules(file, "alerts.toml");
  EXPECT_TRUE(rules) << rules.error().text();
  return rules ? *rules : AlertRules{};
}

PersonSeries series_of(const std::vector<double>& values, double perclos = 0.05) {
  PersonSeries series{"a", {}, "UTC", {}};
  const UtcTime first = std::chrono::sys_days{std::chrono::year{2026} / 1 / 5};
  for (std::size_t i = 0; i < values.size(); ++i) {
    const UtcTime time = first + std::chrono::hours{24 * static_cast<int>(i) + 9};
    series.readings.push_back(
        {time, Day{std::chrono::floor<std::chrono::days>(time).time_since_epoch()}, values[i], perclos});
  }
  return series;
}

std::string ids_of(const PersonTrend& trend, const AlertRules& rules) {
  std::string ids;
  for (const Alert& alert : alerts_of(trend, rules, true)) {
    ids += alert.rule->id + " ";
    EXPECT_FALSE(alert.evidence.empty());
  }
  return ids;
}

std::vector<double> quiet(std::size_t n, double level) {
  std::vector<double> values;
  for (std::size_t i = 0; i < n; ++i) values.push_back(level + static_cast<double>(i * 37 % 11) / 5);
  return values;
}

TEST(Alerts, QuietWeeksRaiseNone) {
  EXPECT_EQ(ids_of(follow(series_of(quiet(100, 40)), {}), shipped_rules()), "");
}

TEST(Alerts, OneBadDayRaisesNone) {
  std::vector<double> values = quiet(100, 40);
  values[95] = 100;
  EXPECT_EQ(ids_of(follow(series_of(values), {}), shipped_rules()), "");
}

TEST(Alerts, AShiftThatStaysRaisesThem) {
  std::vector<double> values = quiet(75, 40);
  for (const double value : quiet(25, 46)) values.push_back(value);
  const AlertRules rules = shipped_rules();
  const PersonTrend trend = follow(series_of(values), {});
  const std::string ids = ids_of(trend, rules);
  EXPECT_NE(ids.find("high-for-weeks"), std::string::npos) << ids;
  EXPECT_NE(ids.find("changed-for-the-worse"), std::string::npos) << ids;
  TrendReport report{"t.csv", "index", true, {}, {trend}, rules};
  const nlohmann::json json = to_json(trend, report);
  EXPECT_EQ(json["changes"]["points"].size(), 1U);
  EXPECT_EQ(json["alerts"][0]["rule"], "high-for-weeks");
  EXPECT_NE(trend_page(report).text().find("High for several weeks"), std::string::npos);
}

TEST(Alerts, SayTheirNumbersApartFromTheSentence) {
  std::vector<double> values = quiet(75, 40);
  for (const double value : quiet(25, 46)) values.push_back(value);
  const AlertRules rules = shipped_rules();
  const std::vector<Alert> alerts = alerts_of(follow(series_of(values), {}), rules, true);
  const auto high =
      std::ranges::find(alerts, "high-for-weeks", [](const Alert& one) { return one.rule->id; });
  ASSERT_NE(high, alerts.end());
  ASSERT_EQ(high->grounds.size(), 1U);
  const nlohmann::json& level = high->grounds[0];
  EXPECT_EQ(level["what"], "level");
  EXPECT_EQ(high->evidence, "Level " + level["level"].get<std::string>() + " or above in the last " +
                                std::to_string(level["weeks"].get<int>()) + " weeks with a level (" +
                                level["from"].get<std::string>() + " to " +
                                level["until"].get<std::string>() + "), which rest on " +
                                std::to_string(level["days"].get<int>()) + " days with a value.");
}

TEST(Alerts, SpeakToThePersonAndAboutThemInEveryLanguage) {
  const AlertRules rules = shipped_rules();
  EXPECT_NE(rules.notice_in("es"), rules.notice);
  EXPECT_EQ(rules.notice_in("fi"), rules.notice);
  for (const AlertRule& rule : rules.rules) {
    const AlertWords& spanish = rule.words_in("es");
    EXPECT_EQ(&rule.words_in("fi"), &rule.words);
    EXPECT_NE(spanish.title, rule.words.title);
    EXPECT_EQ(spanish.suggestions.size(), rule.words.suggestions.size()) << rule.id;
    for (const AlertWords* words : {&rule.words, &spanish}) {
      EXPECT_FALSE(words->seen_by_others.empty()) << rule.id;
      EXPECT_NE(words->seen_by_others, words->seen) << rule.id;
    }
    EXPECT_EQ(rule.words.seen_by_others.find("you"), std::string::npos) << rule.id;
  }
}

TEST(Alerts, Drowsiness) {
  EXPECT_EQ(ids_of(follow(series_of(quiet(60, 40), 0.2), {}), shipped_rules()), "drowsy-for-weeks ");
}

TEST(Alerts, WhatCannotBeSaidHasAReason) {
  const PersonTrend constant = follow(series_of(std::vector<double>(60, 3)), {});
  for (const std::string& why : {constant.slope.why_not, constant.level.why_not, constant.changes.why_not,
                                 constant.thresholds.why_not, constant.reliable.why_not})
    EXPECT_NE(why.find("alike"), std::string::npos) << why;
  for (const Week& week : constant.weeks) EXPECT_FALSE(week.level);
  const PersonTrend two = follow(series_of({1, 2}), {});
  EXPECT_NE(two.slope.why_not.find("at least 3"), std::string::npos);
  TrendReport report{"t.csv", "value", false, {}, {constant, two}, shipped_rules()};
  EXPECT_TRUE(to_json(two, report)["trend"].contains("error"));
  EXPECT_NE(trend_page(report).text().find("No trend"), std::string::npos);
}

std::string rule_error(const std::string& toml) {
  std::istringstream in(toml);
  const Result<AlertRules> rules = read_alert_rules(in, "r.toml");
  if (rules) return "no error";
  EXPECT_EQ(rules.error().code, ErrorCode::bad_input);
  return rules.error().message;
}

TEST(Alerts, BadRulesSayWhere) {
  const std::string head = "schema = 1\nnotice = \"n\"\n";
  const std::string body =
      "[[rule]]\nid = \"x\"\ntitle = \"t\"\nseen = \"s\"\ntry = [\"a\"]\nsee_someone = \"w\"\nrationale = "
      "\"r\"\nsources = [\"b\"]\n";
  const auto with = [&](const std::string& when) { return rule_error(head + body + when); };
  EXPECT_EQ(with("when = { trend = \"worse\" }\n"), "no error");
  EXPECT_NE(with("").find("rule x: 'when'"), std::string::npos);
  EXPECT_NE(with("when = {}\n").find("no condition"), std::string::npos);
  EXPECT_NE(with("when = { weeks = 3 }\n").find("no condition"), std::string::npos);
  EXPECT_NE(with("when = { level_at_least = \"severe\" }\n").find("'level_at_least' must be one of low"),
            std::string::npos);
  EXPECT_NE(with("when = { levels = \"high\" }\n").find("'levels' is no key"), std::string::npos);
  EXPECT_NE(with("when = { change_point = \"worse\" }\n").find("within_weeks"), std::string::npos);
  EXPECT_NE(with("when = { perclos_at_least = 15 }\n").find("between 0 and 1"), std::string::npos);
  EXPECT_NE(with("when = { silent_weeks = 0 }\n").find("1 to 52"), std::string::npos);
  const std::string good = body + "when = { trend = \"worse\" }\n";
  EXPECT_NE(rule_error(head + good + good).find("twice"), std::string::npos);
  EXPECT_NE(rule_error(head).find("[[rule]]"), std::string::npos);
  EXPECT_NE(rule_error(good).find("'schema' must be 1"), std::string::npos);
  EXPECT_NE(rule_error(head + good + "colour = 1\n").find("'colour' is no key"), std::string::npos);
  const std::string spanish = "[rule.in.es]\ntitle = \"t\"\nseen = \"s\"\ntry = [\"a\"]\n";
  EXPECT_EQ(rule_error(head + good + spanish + "see_someone = \"w\"\n"), "no error");
  EXPECT_NE(rule_error(head + good + spanish).find("rule x, in es: 'see_someone' is missing"),
            std::string::npos);
  EXPECT_NE(rule_error(head + body + "when = { trend = \"worse\" }\nin = \"es\"\n").find("one a language"),
            std::string::npos);
  EXPECT_NE(rule_error(head + "notice_in = \"es\"\n" + good).find("one a language"), std::string::npos);
  EXPECT_NE(rule_error("schema = \n").find("line 1"), std::string::npos);
}

}  // namespace
}  // namespace pyro::trend
