// Alerts: rules in a data file say when a person's weeks deserve attention, what to try and when to see
// someone. They are for the participant and the clinician they chose, and are no finding about their health.
#pragma once

#include <istream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "pyro/trend/person_trend.hpp"

namespace pyro::trend {

// Of several conditions all must hold. Weeks are those of the log; "the last" ones count from its end.
struct AlertCondition {
  std::optional<RiskLevel> level_at_least;  // in each of the last `weeks` weeks that have a level
  std::optional<double> perclos_at_least;   // in each of the last `weeks` weeks that know PERCLOS
  int weeks = 1;                            // for the two above
  int rose_within_weeks = 0;                // the level rose in one of the last so many weeks
  Change trend = Change::none;              // PersonTrend::direction
  Change change_point = Change::none;       // a change point to the worse or better ...
  int within_weeks = 0;                     // ... whose day lies in the last so many weeks
  Change reliable_change = Change::none;
  int silent_weeks = 0;  // so many of the last eight weeks do not speak
};

struct AlertWords {
  std::string title;
  std::string seen;                      // what was seen, to the person
  std::string seen_by_others;            // the same about the person; empty: there is no such wording
  std::vector<std::string> suggestions;  // `try`: what may help
  std::string see_someone;               // when to talk to a professional
};

struct AlertRule {
  std::string id;
  AlertCondition when;
  AlertWords words;                                     // in English
  std::map<std::string, AlertWords, std::less<>> also;  // in other languages, by their code
  std::string rationale;
  std::vector<std::string> sources;  // publications, guidelines

  // In English where there are none in that language.
  [[nodiscard]] const AlertWords& words_in(std::string_view language) const;
};

struct AlertRules {
  std::string notice;  // stands with every alert; in English
  std::map<std::string, std::string, std::less<>> notice_also;
  std::vector<AlertRule> rules;  // in the order of the file, the most urgent first

  [[nodiscard]] const std::string& notice_in(std::string_view language) const;
};

// TOML; docs/trend.md has the keys. Errors (bad_input) name file, rule and key: what is missing, unknown, of
// the wrong kind, or twice there; a rule without a condition.
[[nodiscard]] Result<AlertRules> read_alert_rules(std::istream& toml, const std::string& name);

struct Alert {
  const AlertRule* rule = nullptr;  // of the rules that were asked
  std::string evidence;             // how sure: the numbers behind what was seen
  // The same numbers, one object a condition, for whoever says them in another language: {"what":"level",…};
  // the contract has their names.
  nlohmann::json grounds = nlohmann::json::array();
};
[[nodiscard]] std::vector<Alert> alerts_of(const PersonTrend& trend, const AlertRules& rules,
                                           bool higher_is_worse);

}  // namespace pyro::trend
