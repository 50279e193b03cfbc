// survey wording: puts a licensed wording where survey take finds it.
#include "pyro/surveys/wording.hpp"

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "pyro/base/files.hpp"
#include "survey/parts.hpp"

namespace pyro::cli {
namespace {

struct WordingFlags {
  SurveyFlags common;
  std::string instrument, language, file;
};

int keep_wording(const WordingFlags& flags) {
  const bool json = flags.common.json;
  if (const Status good = surveys::check_language(flags.language); !good) return report(good.error(), json);
  const Result<surveys::Instrument> instrument = find_instrument(flags.common, flags.instrument);
  if (!instrument) return report(instrument.error(), json);
  const Result<surveys::Wording> wording = surveys::read_wording(
      std::make_unique<std::ifstream>(flags.file, std::ios::binary), "'" + flags.file + "'", *instrument);
  if (!wording) return report(wording.error(), json);
  const std::filesystem::path kept = surveys::wording_file(flags.common.data, *instrument, flags.language);
  std::error_code error;
  std::filesystem::create_directories(kept.parent_path(), error);
  if (error)
    return report({ErrorCode::failed,
                   "the folder '" + kept.parent_path().string() + "' cannot be made; name another by --data",
                   error.message()},
                  json);
  if (const Status written = replace_file(kept, surveys::wording_csv(*instrument, *wording)); !written)
    return report(written.error(), json);
  if (json) {
    print_json({{"event", "wording"},
                {"instrument", instrument->id},
                {"language", flags.language},
                {"items", wording->items.size()},
                {"labels", wording->answers.size()},
                {"file", kept.string()}});
  } else {
    std::printf("%s: %zu items and %zu labels in \"%s\" lie in %s. Licence: %s, %s\n", instrument->id.c_str(),
                wording->items.size(), wording->answers.size(), flags.language.c_str(), kept.c_str(),
                instrument->licence_holder.c_str(), instrument->licence_note.c_str());
  }
  return 0;
}

}  // namespace

void add_survey_wording(CLI::App& survey, Chosen& chosen) {
  CLI::App* verb = survey.add_subcommand(
      "wording", "Brings in the wording of a questionnaire that this site is licensed for");
  auto flags = std::make_shared<WordingFlags>();
  verb->add_option("FILE", flags->file,
                   "CSV with the columns item,text: items by number, and \"instruction\", \"answer 0\" …")
      ->required();
  verb->add_option("--instrument", flags->instrument, "The questionnaire's id")->required()->type_name("ID");
  verb->add_option("--language", flags->language, "Its language: de, en-GB")->required()->type_name("CODE");
  add_survey_flags(*verb, flags->common, true);
  verb->footer("Example: pyrometer survey wording --instrument pss-10 --language de pss10_de.csv");
  verb->callback([&chosen, flags] { chosen = [flags] { return keep_wording(*flags); }; });
}

}  // namespace pyro::cli
