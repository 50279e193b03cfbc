#include "settings_words.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>

namespace pyro::cli {
namespace {

constexpr const char* kFileFlag = "--config";

std::string variable_of(const std::string& name) {
  std::string variable = "PYROMETER_" + name;
  for (char& c : variable)
    c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return variable;
}

bool names(const std::string& word, const std::string& flag) {
  return word == flag || word.starts_with(flag + "=");
}

std::optional<std::string> text_of(const toml::node& value) {
  if (value.is_table() || value.is_array()) return std::nullopt;
  if (auto text = value.value_exact<std::string>()) return text;
  std::ostringstream out;
  value.visit([&out](const auto& exact) { out << exact; });
  return out.str();
}

std::optional<std::string> file_named(const std::vector<std::string>& words) {
  const std::string with_value = std::string(kFileFlag) + "=";
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == kFileFlag && i + 1 < words.size()) return words[i + 1];
    if (words[i].starts_with(with_value)) return words[i].substr(with_value.size());
  }
  return std::nullopt;
}

Result<toml::table> read_file(const std::string& path) {
  std::ifstream file(path);
  if (!file) return wrong_use("the settings file " + path + " cannot be read; check --config");
  std::ostringstream text;
  text << file.rdbuf();
  try {
    return toml::parse(text.str());
  } catch (const toml::parse_error& error) {
    return wrong_use("the settings file " + path + " is no TOML: line " +
                     std::to_string(error.source().begin.line) + ", " + std::string(error.description()));
  }
}

// The file's words for flags that are not `known` yet.
Result<std::vector<std::string>> words_of_file(const std::string& path, const CLI::App& verb,
                                               const std::set<std::string>& known) {
  Result<toml::table> file = read_file(path);
  if (!file) return tl::make_unexpected(file.error());
  const auto refused = [&](const std::string& key, const char* why) {
    return wrong_use("the settings file " + path + ": '" + key + "' " + why + "; see pyrometer " +
                     verb.get_name() + " --help");
  };
  std::vector<std::string> words;
  for (const auto& [key, value] : *file) {
    const std::string name(key.str());
    const std::string flag = "--" + name;
    const CLI::Option* option = verb.get_option_no_throw(flag);
    if (option == nullptr || option == verb.get_help_ptr() || flag == kFileFlag)
      return refused(name, "is no setting of this verb");
    if (known.contains(name)) continue;
    const toml::array* several = value.as_array();
    const std::size_t count = several != nullptr ? several->size() : 1;
    for (std::size_t i = 0; i < count; ++i) {
      const std::optional<std::string> text = text_of(several != nullptr ? *several->get(i) : value);
      if (!text) return refused(name, "must be a plain value");
      words.push_back(flag + "=" + *text);
    }
  }
  return words;
}

}  // namespace

void add_settings_file(CLI::App& verb) {
  verb.add_option(kFileFlag, "Settings from a TOML file, a flag's name each; unknown keys are errors")
      ->type_name("FILE");
}

Result<std::vector<std::string>> with_settings(const CLI::App& app, std::vector<std::string> words) {
  const auto first =
      std::ranges::find_if(words, [](const std::string& word) { return !word.starts_with("-"); });
  if (first == words.end()) return words;
  const auto verb_of = [](const CLI::App& above, const std::string& word) -> const CLI::App* {
    const auto verbs = above.get_subcommands([&](const CLI::App* each) { return each->get_name() == word; });
    return verbs.empty() ? nullptr : verbs.front();
  };
  const CLI::App* chosen = verb_of(app, *first);
  if (chosen == nullptr) return words;
  // A verb of two words: "dataset inspect".
  auto last = first;
  if (const CLI::App* second = first + 1 == words.end() ? nullptr : verb_of(*chosen, first[1])) {
    chosen = second;
    ++last;
  }
  const CLI::App& verb = *chosen;

  std::vector<std::string> given;
  std::set<std::string> known;  // flags that are typed or given already
  for (const CLI::Option* option : verb.get_options()) {
    if (option->get_lnames().empty() || option == verb.get_help_ptr()) continue;
    const std::string& name = option->get_lnames().front();
    const std::string flag = "--" + name;
    if (std::ranges::any_of(words, [&](const std::string& word) { return names(word, flag); })) {
      known.insert(name);
    } else if (const char* value = std::getenv(variable_of(name).c_str())) {
      given.push_back(flag + "=" + value);
      known.insert(name);
    }
  }

  std::optional<std::string> path = file_named(words);
  if (!path) path = file_named(given);
  if (path && verb.get_option_no_throw(kFileFlag) != nullptr) {
    const Result<std::vector<std::string>> from_file = words_of_file(*path, verb, known);
    if (!from_file) return from_file;
    given.insert(given.end(), from_file->begin(), from_file->end());
  }
  words.insert(last + 1, given.begin(), given.end());
  return words;
}

}  // namespace pyro::cli
