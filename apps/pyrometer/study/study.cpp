// study: its verbs put together, and the table of all sessions.
#include "study/study.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "pyro/records/notice.hpp"
#include "pyro/study/session_table.hpp"

namespace pyro::cli {
namespace {

struct TableFlags {
  std::string study = ".", out = "sessions-table.csv";
  study::SurveyColumns surveys;
  int threads = 2;
  bool json = false;
};

int table(const TableFlags& flags) {
  const Result<study::Study> study = study::Study::open(flags.study);
  if (!study) return report(study.error(), flags.json);
  const Result<study::TableResult> written =
      study::write_session_table(*study, flags.out, flags.threads, flags.surveys);
  if (!written) return report(written.error(), flags.json);
  if (flags.json) {
    const nlohmann::ordered_json line{{"sessions", written->sessions},
                                      {"seconds", written->seconds},
                                      {"out", flags.out},
                                      {"warnings", written->warnings},
                                      {"notice", records::kNotice}};
    std::printf("%s\n", line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
    return 0;
  }
  std::printf("%lld sessions, %lld seconds with a person -> %s\n", static_cast<long long>(written->sessions),
              static_cast<long long>(written->seconds), flags.out.c_str());
  for (const std::string& warning : written->warnings) std::printf("note: %s\n", warning.c_str());
  std::printf("%s\n", records::kNotice);
  return 0;
}

}  // namespace

void add_study(CLI::App& app, Chosen& chosen) {
  CLI::App* study = app.add_subcommand("study", "People, their sessions and surveys over weeks");
  study->require_subcommand(1);
  study->footer(
      "Example: pyrometer study init ward-3 && pyrometer study add results/ --study ward-3 --person P01");
  add_study_recordings(*study, chosen);
  add_study_calibration(*study, chosen);

  CLI::App* verb = study->add_subcommand("table", "Writes a row a session: score, cues, all signals");
  auto flags = std::make_shared<TableFlags>();
  verb->add_option("--study", flags->study, "The study's folder")->capture_default_str()->type_name("FOLDER");
  verb->add_option("--out", flags->out, "The CSV")->capture_default_str()->type_name("FILE");
  CLI::Option* survey = verb->add_option("--survey", flags->surveys.instruments,
                                         "Instruments whose nearest answer stands beside each session");
  verb->add_option("--within-days", flags->surveys.within_days, "How far from the session an answer may be")
      ->check(CLI::Range(0.0, 366.0))
      ->capture_default_str()
      ->needs(survey);
  verb->add_option("--threads", flags->threads, "Sessions worked on side by side")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  verb->add_flag("--json", flags->json, "One line of JSON");
  verb->footer("Example: pyrometer study table --study ward-3 --out ward-3.csv");
  verb->callback([&chosen, flags] { chosen = [flags] { return table(*flags); }; });
}

}  // namespace pyro::cli
