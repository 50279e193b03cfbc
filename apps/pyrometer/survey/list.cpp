// survey list, show and check: which questionnaires there are, what one says, and whether a definition is
// good.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "pyro/surveys/wording.hpp"
#include "server/survey_there.hpp"
#include "survey/parts.hpp"

namespace pyro::cli {
namespace {

struct OneSurveyFlags {
  SurveyFlags common;
  std::string which;  // an id, or a file
};

std::string with_commas(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : ", ") + word;
  return line;
}

std::string with_commas(const std::vector<int>& numbers) {
  std::vector<std::string> words;
  words.reserve(numbers.size());
  for (const int number : numbers) words.push_back(std::to_string(number));
  return words.empty() ? "none" : with_commas(words);
}

nlohmann::ordered_json described(const surveys::Instrument& instrument, const SurveyFlags& flags) {
  nlohmann::ordered_json json = surveys::to_json(instrument);
  json["languages"] = surveys::languages_of(flags.data, instrument);
  return json;
}

int list_surveys(const SurveyFlags& flags) {
  const Result<std::vector<surveys::Instrument>> instruments = find_instruments(flags);
  if (!instruments) return report(instruments.error(), flags.json);
  if (!flags.json)
    std::printf("%-10s %-8s %5s  %-50s %-22s %s\n", "id", "version", "items", "title", "licence",
                "wording here");
  for (const surveys::Instrument& instrument : *instruments) {
    if (flags.json) {
      print_json(described(instrument, flags));
      continue;
    }
    const std::vector<std::string> languages = surveys::languages_of(flags.data, instrument);
    std::printf("%-10s %-8s %5d  %-50s %-22s %s\n", instrument.id.c_str(), instrument.version.c_str(),
                instrument.items,
                (instrument.title + (instrument.unvalidated ? " (unvalidated)" : "")).c_str(),
                instrument.licence.c_str(),
                languages.empty() ? "none: items are asked by number" : with_commas(languages).c_str());
  }
  return 0;
}

void print_scale(const surveys::Instrument& instrument, const surveys::Scale& scale) {
  std::printf("\n%s (%s): items %s\n", scale.title.c_str(), scale.id.c_str(),
              with_commas(scale.items).c_str());
  std::printf("  score    %s, %g to %g; a high score means %s\n",
              std::string(surveys::name_of(scale.rule)).c_str(), instrument.least(scale),
              instrument.greatest(scale), scale.higher_is_strain ? "more strain" : "less strain");
  std::printf("  answers  at least %d of %zu\n", scale.minimum_answered, scale.items.size());
  for (const surveys::Band& band : scale.bands)
    std::printf("  from %-6g %s\n", band.from,
                band.category ? std::string(surveys::name_of(*band.category)).c_str() : "no category");
  if (!scale.cutoff_source.empty()) std::printf("  cut-offs of %s\n", scale.cutoff_source.c_str());
  if (!scale.cutoff_note.empty()) std::printf("  %s\n", scale.cutoff_note.c_str());
}

int show_survey(const OneSurveyFlags& flags) {
  const Result<surveys::Instrument> instrument = find_instrument(flags.common, flags.which);
  if (!instrument) return report(instrument.error(), flags.common.json);
  if (flags.common.json) {
    print_json(described(*instrument, flags.common));
    return 0;
  }
  std::printf("%s, version %s: %s%s\n", instrument->id.c_str(), instrument->version.c_str(),
              instrument->title.c_str(), instrument->unvalidated ? " (unvalidated)" : "");
  std::printf("%d items%s%s, answers %d to %d: %s\nturned   %s\nmissing  %s (%s)\n", instrument->items,
              instrument->period.empty() ? "" : " about ", instrument->period.c_str(), instrument->answer_min,
              instrument->answer_max, instrument->coding.c_str(), with_commas(instrument->reverse).c_str(),
              instrument->missing_rule.c_str(), instrument->missing_source.c_str());
  std::printf("licence  %s, %s. %s\nkey      %s\n", instrument->licence.c_str(),
              instrument->licence_holder.c_str(), instrument->licence_note.c_str(),
              instrument->key_source.c_str());
  if (instrument->keep_apart) std::printf("The scales are never added to one total.\n");
  for (const surveys::Scale& scale : instrument->scales) print_scale(*instrument, scale);
  std::printf("%s\n", surveys::kSurveyNotice);
  return 0;
}

int check_survey(const OneSurveyFlags& flags) {
  const Result<std::filesystem::path> folder = surveys_folder(flags.common);
  if (!folder) return report(folder.error(), flags.common.json);
  const Result<surveys::Instrument> instrument =
      surveys::load_instrument(flags.which, *folder / "instrument.schema.json");
  if (!instrument) return report(instrument.error(), flags.common.json);
  if (flags.common.json) {
    print_json({{"event", "checked"},
                {"file", flags.which},
                {"id", instrument->id},
                {"version", instrument->version},
                {"good", true}});
  } else {
    std::printf("%s: \"%s\", version %s, is a good definition: %d items, %zu scales\n", flags.which.c_str(),
                instrument->id.c_str(), instrument->version.c_str(), instrument->items,
                instrument->scales.size());
  }
  return 0;
}

}  // namespace

void add_survey_list(CLI::App& survey, Chosen& chosen) {
  struct ListFlags {
    SurveyFlags common;
    ServerFlags there;
  };
  CLI::App* list =
      survey.add_subcommand("list", "Every questionnaire that can be scored here, or on a server");
  auto list_flags = std::make_shared<ListFlags>();
  add_survey_flags(*list, list_flags->common, true);
  add_server_flags(*list, list_flags->there);
  list->footer("Example: pyrometer survey list --json");
  list->callback([&chosen, list_flags, list] {
    chosen = [list_flags, list] {
      const bool json = list_flags->common.json;
      if (!list_flags->there.wanted()) return list_surveys(list_flags->common);
      if (const Status fit = check_there(*list, {"--json"}); !fit) return report(fit.error(), json);
      return list_surveys_there(list_flags->there, json);
    };
  });

  CLI::App* show =
      survey.add_subcommand("show", "How one questionnaire is scored, and where that was published");
  auto flags = std::make_shared<OneSurveyFlags>();
  show->add_option("ID", flags->which, "Its id (see: pyrometer survey list)")->required();
  add_survey_flags(*show, flags->common, true);
  show->footer("Example: pyrometer survey show mbi-hss");
  show->callback([&chosen, flags] { chosen = [flags] { return show_survey(*flags); }; });
}

void add_survey_check(CLI::App& survey, Chosen& chosen) {
  CLI::App* verb =
      survey.add_subcommand("check", "Checks a definition by the JSON Schema and for what no schema says");
  auto flags = std::make_shared<OneSurveyFlags>();
  verb->add_option("FILE", flags->which, "A definition (.json)")->required();
  add_survey_flags(*verb, flags->common);
  verb->footer("Example: pyrometer survey check surveys/instruments/cbi.json");
  verb->callback([&chosen, flags] { chosen = [flags] { return check_survey(*flags); }; });
}

}  // namespace pyro::cli
