#include <toml++/toml.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "pyro/trend/alerts.hpp"

namespace pyro::trend {
namespace {

// One table of the file; remembers what was asked for, so that what was not is an error.
class RuleTable {
 public:
  RuleTable(const toml::table& table, std::string where) : table_(table), where_(std::move(where)) {}

  std::string text(const char* key, bool needed = true) {
    const toml::node* node = take(key);
    if (node == nullptr) {
      if (needed) wrong(key, "is missing");
      return {};
    }
    const std::string found = node->value_exact<std::string>().value_or("");
    if (found.empty()) wrong(key, "must be a text that is not empty");
    return found;
  }
  std::vector<std::string> texts(const char* key) {
    const toml::node* node = take(key);
    std::vector<std::string> found;
    if (const toml::array* list = node == nullptr ? nullptr : node->as_array()) {
      for (const toml::node& one : *list) found.push_back(one.value_exact<std::string>().value_or(""));
    }
    if (found.empty() || std::ranges::any_of(found, &std::string::empty))
      wrong(key, "must be a list of texts, at least one");
    return found;
  }
  // Tables within it by their names; none: there are none.
  std::map<std::string, const toml::table*> tables(const char* key) {
    const toml::node* node = take(key);
    std::map<std::string, const toml::table*> found;
    if (node == nullptr) return found;
    if (const toml::table* all = node->as_table()) {
      for (const auto& [name, one] : *all) found[std::string(name.str())] = one.as_table();
    }
    if (found.empty() || std::ranges::any_of(found, [](const auto& one) { return one.second == nullptr; })) {
      wrong(key, "must be tables, one a language");
      found.clear();
    }
    return found;
  }
  int weeks(const char* key, int otherwise) {
    const toml::node* node = take(key);
    if (node == nullptr) return otherwise;
    const std::int64_t found = node->value_exact<std::int64_t>().value_or(0);
    if (found < 1 || found > 52) wrong(key, "must be a whole number of weeks, 1 to 52");
    return static_cast<int>(found);
  }
  std::optional<double> share(const char* key) {
    const toml::node* node = take(key);
    if (node == nullptr) return std::nullopt;
    const double found = node->is_floating_point() ? node->value<double>().value_or(-1) : -1;
    if (!(found > 0 && found < 1)) wrong(key, "must be a number between 0 and 1");
    return found;
  }
  template <typename Parse>
  auto word(const char* key, const Parse& parse, const char* allowed) {
    const toml::node* node = take(key);
    decltype(parse(std::string{})) found;
    if (node == nullptr) return found;
    found = parse(node->value_exact<std::string>().value_or(""));
    if (!found) wrong(key, std::string("must be one of ") + allowed);
    return found;
  }
  // The first thing that was wrong, an unknown key included.
  Status finish() {
    for (const auto& [key, node] : table_) {
      if (!asked_.contains(std::string(key.str())))
        wrong(std::string(key.str()), "is no key that is known here");
    }
    return problem_.empty() ? Status{} : Status(bad_input(problem_));
  }
  void wrong(const std::string& key, const std::string& what) {
    if (problem_.empty()) problem_ = where_ + ": '" + key + "' " + what;
  }
  const toml::node* take(const char* key) {
    asked_.insert(key);
    return table_.get(key);
  }

 private:
  const toml::table& table_;
  std::string where_, problem_;
  std::set<std::string> asked_;
};

Result<AlertCondition> condition_of(const toml::table& table, const std::string& where) {
  RuleTable in(table, where + ", when");
  const auto change = [](const std::string& name) {
    return name == "worse"    ? std::optional(Change::worse)
           : name == "better" ? std::optional(Change::better)
                              : std::nullopt;
  };
  constexpr const char* kChanges = "worse, better";
  AlertCondition out;
  out.level_at_least = in.word(
      "level_at_least", [](const std::string& name) { return risk_level_of(name); },
      "low, moderate, elevated, high");
  out.perclos_at_least = in.share("perclos_at_least");
  out.weeks = in.weeks("weeks", 1);
  out.rose_within_weeks = in.weeks("rose_within_weeks", 0);
  out.trend = in.word("trend", change, kChanges).value_or(Change::none);
  out.change_point = in.word("change_point", change, kChanges).value_or(Change::none);
  out.within_weeks = in.weeks("within_weeks", 0);
  out.reliable_change = in.word("reliable_change", change, kChanges).value_or(Change::none);
  out.silent_weeks = in.weeks("silent_weeks", 0);
  if ((out.change_point != Change::none) != (out.within_weeks > 0))
    in.wrong("within_weeks", "belongs to change_point: give both or neither");
  if (out.silent_weeks > 8) in.wrong("silent_weeks", "must be at most 8, the weeks that are looked at");
  if (table.empty() || (table.size() == 1 && table.contains("weeks")))
    in.wrong("when", "has no condition, so the rule would always or never speak");
  if (Status good = in.finish(); !good) return tl::make_unexpected(good.error());
  return out;
}

AlertWords words_of(RuleTable& in) {
  AlertWords out;
  out.title = in.text("title"), out.seen = in.text("seen");
  out.seen_by_others = in.text("seen_by_others", false);
  out.suggestions = in.texts("try");
  out.see_someone = in.text("see_someone");
  return out;
}

Result<AlertRule> rule_of(const toml::table& table, const std::string& where) {
  RuleTable in(table, where);
  AlertRule out;
  out.id = in.text("id");
  out.words = words_of(in);
  out.rationale = in.text("rationale");
  out.sources = in.texts("sources");
  for (const auto& [language, words] : in.tables("in")) {
    std::string place = where;
    place.append(", in ").append(language);
    RuleTable other(*words, std::move(place));
    out.also[language] = words_of(other);
    if (Status good = other.finish(); !good) return tl::make_unexpected(good.error());
  }
  const toml::node* when = in.take("when");
  if (when == nullptr || !when->is_table()) {
    in.wrong("when", "must be a table of conditions");
  } else {
    const Result<AlertCondition> condition = condition_of(*when->as_table(), where);
    if (!condition) return tl::make_unexpected(condition.error());
    out.when = *condition;
  }
  if (Status good = in.finish(); !good) return tl::make_unexpected(good.error());
  return out;
}

}  // namespace

const AlertWords& AlertRule::words_in(std::string_view language) const {
  const auto found = also.find(language);
  return found == also.end() ? words : found->second;
}

const std::string& AlertRules::notice_in(std::string_view language) const {
  const auto found = notice_also.find(language);
  return found == notice_also.end() ? notice : found->second;
}

Result<AlertRules> read_alert_rules(std::istream& toml, const std::string& name) {
  std::ostringstream text;
  text << toml.rdbuf();
  toml::table file;
  try {
    file = toml::parse(text.str());
  } catch (const toml::parse_error& error) {
    return bad_input(name + " is no TOML: line " + std::to_string(error.source().begin.line) + ", " +
                     std::string(error.description()));
  }
  RuleTable in(file, name);
  AlertRules out;
  if (in.weeks("schema", 0) != 1) in.wrong("schema", "must be 1");
  out.notice = in.text("notice");
  if (const toml::node* others = in.take("notice_in")) {
    if (const toml::table* all = others->as_table()) {
      RuleTable texts(*all, name + ", notice_in");
      for (const auto& [language, words] : *all)
        out.notice_also[std::string(language.str())] = texts.text(language.data());
      if (Status good = texts.finish(); !good) return tl::make_unexpected(good.error());
    } else {
      in.wrong("notice_in", "must be a table of texts, one a language");
    }
  }
  const toml::node* rules = in.take("rule");
  if (rules == nullptr || !rules->is_array_of_tables()) {
    in.wrong("rule", "must be [[rule]] tables, at least one");
  } else {
    std::set<std::string> ids;
    for (const toml::node& node : *rules->as_array()) {
      const toml::table& table = *node.as_table();
      const std::string where = name + ", rule " + table["id"].value_or(std::to_string(out.rules.size() + 1));
      Result<AlertRule> rule = rule_of(table, where);
      if (!rule) return tl::make_unexpected(rule.error());
      if (!ids.insert(rule->id).second) return bad_input(where + ": 'id' is there twice");
      out.rules.push_back(std::move(*rule));
    }
  }
  if (Status good = in.finish(); !good) return tl::make_unexpected(good.error());
  return out;
}

}  // namespace pyro::trend
