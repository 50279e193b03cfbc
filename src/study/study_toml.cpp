#include "study_toml.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <sstream>

namespace pyro::study {
namespace {

struct Number {
  const char* key;
  double score::ScoreSettings::*value;
};
constexpr std::array kNumbers{
    Number{"alpha", &score::ScoreSettings::alpha}, Number{"beta", &score::ScoreSettings::beta},
    Number{"gamma", &score::ScoreSettings::gamma}, Number{"lambda", &score::ScoreSettings::lambda},
    Number{"delta", &score::ScoreSettings::delta}};

bool known(std::string_view key, std::initializer_list<std::string_view> keys) {
  return std::ranges::find(keys, key) != keys.end();
}

}  // namespace

std::string to_toml(const StudySettings& settings) {
  const score::ScoreSettings& score = settings.score;
  toml::table numbers;
  for (const Number& number : kNumbers) numbers.insert(number.key, score.*number.value);
  numbers.insert("window_s", score.window.count());
  numbers.insert("baseline_s", score.baseline.count());
  numbers.insert("profile", std::string{score::name_of(score.profile)});
  const toml::table table{{"schema", "pyrometer-study/1"},
                          {"name", settings.name},
                          {"zone", settings.zone.name()},
                          {"simulated", settings.simulated},
                          {"score", numbers}};
  std::ostringstream text;
  text << table << '\n';
  return text.str();
}

Result<StudySettings> study_of_toml(const std::filesystem::path& file) {
  const std::string name = file.string();
  const auto wrong = [&](const std::string& what) { return bad_input(name + ": " + what); };
  toml::table table;
  try {
    table = toml::parse_file(name);
  } catch (const toml::parse_error& error) {
    return wrong("cannot be read as TOML: " + std::string{error.description()});
  }
  if (table["schema"].value_or(std::string{}) != "pyrometer-study/1")
    return wrong("is no study of this version; schema must be \"pyrometer-study/1\"");
  for (const auto& [key, value] : table) {
    if (!known(key.str(), {"schema", "name", "zone", "simulated", "score"}))
      return wrong("unknown key \"" + std::string{key.str()} + "\"; remove it or correct its spelling");
  }
  StudySettings settings;
  settings.name = table["name"].value_or(std::string{});
  if (table.contains("zone")) {
    const Result<Zone> zone = Zone::find(table["zone"].value_or(std::string{}));
    if (!zone) return wrong("zone: " + zone.error().message);
    settings.zone = *zone;
  }
  settings.simulated = table["simulated"].value_or(false);
  if (const toml::table* score = table["score"].as_table()) {
    for (const auto& [key, node] : *score) {
      const auto value = node.value<double>();
      const auto number =
          std::ranges::find_if(kNumbers, [&key](const Number& one) { return key.str() == one.key; });
      if (number != kNumbers.end() && value) {
        settings.score.*number->value = *value;
      } else if (key.str() == "window_s" && value) {
        settings.score.window = Seconds{*value};
      } else if (key.str() == "baseline_s" && value) {
        settings.score.baseline = Seconds{*value};
      } else if (key.str() == "profile" && known(node.value_or(std::string{}), {"thesis", "extended"})) {
        settings.score.profile =
            node.value_or(std::string{}) == "extended" ? score::Profile::extended : score::Profile::thesis;
      } else {
        return wrong("score." + std::string{key.str()} + " is unknown or has a value of the wrong kind");
      }
    }
  }
  if (const Status good = score::validate(settings.score); !good) return wrong(good.error().message);
  return settings;
}

}  // namespace pyro::study
