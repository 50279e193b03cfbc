// What the verbs of survey share; a file each.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "../cli.hpp"
#include "pyro/surveys/response.hpp"
#include "pyro/surveys/score.hpp"

namespace pyro::cli {

void add_survey_list(CLI::App& survey, Chosen& chosen);  // list and show
void add_survey_check(CLI::App& survey, Chosen& chosen);
void add_survey_wording(CLI::App& survey, Chosen& chosen);
void add_survey_take(CLI::App& survey, Chosen& chosen);
void add_survey_import(CLI::App& survey, Chosen& chosen);
void add_survey_score(CLI::App& survey, Chosen& chosen);
void add_survey_reliability(CLI::App& survey, Chosen& chosen);

struct SurveyFlags {
  std::string surveys;                          // folder of definitions; "": beside the models
  std::string data = "pyrometer-data/surveys";  // what a site adds: licensed wording
  bool json = false;
};
void add_survey_flags(CLI::App& verb, SurveyFlags& flags, bool with_data = false);

// The folder with instrument.schema.json. Error: it is not beside the program and was not named.
[[nodiscard]] Result<std::filesystem::path> surveys_folder(const SurveyFlags& flags);
[[nodiscard]] Result<std::vector<surveys::Instrument>> find_instruments(const SurveyFlags& flags);
// Error: wrong_use with the ids that there are.
[[nodiscard]] Result<surveys::Instrument> find_instrument(const SurveyFlags& flags, const std::string& id);

// What such a file holds; nothing where it is still to be begun.
[[nodiscard]] Result<std::vector<surveys::Response>> kept_responses(const std::filesystem::path& file,
                                                                    const surveys::Instrument& instrument);
// Puts responses behind those that the file holds, all or none; the file may be new.
[[nodiscard]] Status append_responses(const std::filesystem::path& file,
                                      const surveys::Instrument& instrument,
                                      const std::vector<surveys::Response>& more);

// A line a scale: title, score within its range, category, what a high score means.
void print_scores(const surveys::Instrument& instrument, const std::vector<surveys::ScaleScore>& scores);
void print_json(const nlohmann::ordered_json& json);

}  // namespace pyro::cli
