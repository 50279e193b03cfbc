// survey: what its verbs share.
#include "survey/survey.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "pyro/base/files.hpp"
#include "survey/parts.hpp"

namespace pyro::cli {

namespace fs = std::filesystem;

void add_survey_flags(CLI::App& verb, SurveyFlags& flags, bool with_data) {
  verb.add_option("--surveys", flags.surveys,
                  "Folder of definitions with its instrument.schema.json; else the one beside the models")
      ->type_name("FOLDER");
  if (with_data)
    verb.add_option("--data", flags.data, "Folder for what this site adds: licensed wording")
        ->type_name("FOLDER")
        ->capture_default_str();
  verb.add_flag("--json", flags.json, "JSON, one object a line");
}

Result<fs::path> surveys_folder(const SurveyFlags& flags) {
  if (!flags.surveys.empty()) return fs::path(flags.surveys);
  const Result<Paths> paths = find_paths();
  std::error_code error;
  if (paths) {
    fs::path folder = fs::absolute(paths->models, error).lexically_normal();
    if (!folder.has_filename()) folder = folder.parent_path();
    folder = folder.parent_path() / "surveys";
    if (fs::exists(folder / "instrument.schema.json", error)) return folder;
  }
  return failed(
      "the questionnaires are not beside the models; name their folder by --surveys or PYROMETER_SURVEYS");
}

Result<std::vector<surveys::Instrument>> find_instruments(const SurveyFlags& flags) {
  const Result<fs::path> folder = surveys_folder(flags);
  if (!folder) return tl::make_unexpected(folder.error());
  return surveys::load_instruments(*folder);
}

Result<surveys::Instrument> find_instrument(const SurveyFlags& flags, const std::string& id) {
  Result<std::vector<surveys::Instrument>> instruments = find_instruments(flags);
  if (!instruments) return tl::make_unexpected(instruments.error());
  std::string known;
  for (surveys::Instrument& instrument : *instruments) {
    if (instrument.id == id) return std::move(instrument);
    known += " " + instrument.id;
  }
  return wrong_use("there is no questionnaire \"" + id + "\"; there are" + known);
}

Result<std::vector<surveys::Response>> kept_responses(const fs::path& file,
                                                      const surveys::Instrument& instrument) {
  std::error_code error;
  if (!fs::exists(file, error)) return std::vector<surveys::Response>{};
  return surveys::read_responses(file, instrument);
}

Status append_responses(const fs::path& file, const surveys::Instrument& instrument,
                        const std::vector<surveys::Response>& more) {
  const Result<std::vector<surveys::Response>> old = kept_responses(file, instrument);
  if (!old) return tl::make_unexpected(old.error());
  const Result<std::string> text = surveys::with_responses(instrument, *old, more, "'" + file.string() + "'");
  if (!text) return tl::make_unexpected(text.error());
  return replace_file(file, *text);
}

void print_scores(const surveys::Instrument& instrument, const std::vector<surveys::ScaleScore>& scores) {
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const surveys::Scale& scale = instrument.scales[i];
    const surveys::ScaleScore& one = scores[i];
    std::printf("  %-26s ", scale.title.c_str());
    if (!one.score) {
      std::printf("no score: %d of %d items answered, %d needed\n", one.answered, one.items,
                  scale.minimum_answered);
      continue;
    }
    std::printf("%7.2f of %g to %g, %s; a high score means %s%s\n", *one.score, instrument.least(scale),
                instrument.greatest(scale),
                one.category ? std::string(surveys::name_of(*one.category)).c_str() : "no category",
                scale.higher_is_strain ? "more strain" : "less strain",
                one.answered < one.items ? " (unanswered items taken as the mean of the others)" : "");
  }
}

void print_json(const nlohmann::ordered_json& json) {
  std::printf("%s\n", json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

void add_survey(CLI::App& app, Chosen& chosen) {
  CLI::App* survey = app.add_subcommand(
      "survey", "Questionnaires: take or import them, score them, and see how reliable they are");
  survey->require_subcommand(1);
  survey->footer("Example: pyrometer survey take checkin --language en --person p1 --out responses.csv");
  add_survey_list(*survey, chosen);
  add_survey_check(*survey, chosen);
  add_survey_wording(*survey, chosen);
  add_survey_take(*survey, chosen);
  add_survey_import(*survey, chosen);
  add_survey_score(*survey, chosen);
  add_survey_reliability(*survey, chosen);
}

}  // namespace pyro::cli
