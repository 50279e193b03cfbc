// survey import: responses from the exports of REDCap, Qualtrics, LimeSurvey, or a plain table.
#include "pyro/surveys/import.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "server/survey_there.hpp"
#include "survey/parts.hpp"

namespace pyro::cli {
namespace {

struct ImportFlags {
  SurveyFlags common;
  std::string file, instrument, format, timezone, columns, answers, out;
  ServerFlags there;
};

Result<surveys::ImportSettings> settled(const ImportFlags& flags, const surveys::Instrument& instrument) {
  surveys::ImportSettings settings;
  if (!flags.format.empty()) {
    const Result<surveys::Layout> layout = surveys::layout_of(flags.format);
    if (!layout) return tl::make_unexpected(layout.error());
    settings.layout = *layout;
  }
  if (!flags.timezone.empty()) {
    const Result<Zone> zone = Zone::find(flags.timezone);
    if (!zone) return tl::make_unexpected(zone.error());
    settings.zone = *zone;
  }
  if (!flags.columns.empty()) {
    auto columns = surveys::read_columns(flags.columns, instrument);
    if (!columns) return tl::make_unexpected(columns.error());
    settings.columns = std::move(*columns);
  }
  if (!flags.answers.empty()) {
    auto answers = surveys::read_answers(flags.answers, instrument);
    if (!answers) return tl::make_unexpected(answers.error());
    settings.answers = std::move(*answers);
  }
  return settings;
}

int import_survey(const ImportFlags& flags) {
  const bool json = flags.common.json;
  Result<std::optional<client::Server>> opened = open_wanted(flags.there);
  if (!opened) return report(opened.error(), json);
  std::optional<client::Server>& server = *opened;
  const Result<surveys::Instrument> instrument =
      server ? instrument_there(*server, flags.instrument) : find_instrument(flags.common, flags.instrument);
  if (!instrument) return server ? report_there(instrument.error(), json) : report(instrument.error(), json);
  const Result<surveys::ImportSettings> settings = settled(flags, *instrument);
  if (!settings) return report(settings.error(), json);
  const Result<surveys::Imported> imported = surveys::import_responses(flags.file, *instrument, *settings);
  if (!imported) return report(imported.error(), json);
  if (!flags.out.empty()) {
    if (const Status kept = append_responses(flags.out, *instrument, imported->responses); !kept)
      return report(kept.error(), json);
  }
  if (server) {
    const Result<nlohmann::json> rows = send_responses(*server, imported->responses, true, json);
    if (!rows) return report_there(rows.error(), json);
  }
  if (json) {
    print_json({{"event", "imported"},
                {"file", flags.file},
                {"format", surveys::name_of(imported->layout)},
                {"instrument", instrument->id},
                {"version", instrument->version},
                {"responses", imported->responses.size()},
                {"unfinished", imported->unfinished},
                {"empty", imported->empty},
                {"person_column", imported->person_column},
                {"time_column", imported->time_column},
                {"item_columns", imported->item_columns},
                {"out", flags.out.empty() ? nlohmann::ordered_json{} : nlohmann::ordered_json(flags.out)},
                {"server", flags.there.wanted() ? nlohmann::ordered_json(flags.there.server)
                                                : nlohmann::ordered_json{}}});
    return 0;
  }
  std::printf("%s (%s): %zu responses to %s; passed over: %zu unfinished, %zu without an answer\n",
              flags.file.c_str(), std::string(surveys::name_of(imported->layout)).c_str(),
              imported->responses.size(), instrument->id.c_str(), imported->unfinished, imported->empty);
  std::printf("person from \"%s\", time from \"%s\", items from \"%s\" to \"%s\"\n",
              imported->person_column.c_str(), imported->time_column.c_str(),
              imported->item_columns.front().c_str(), imported->item_columns.back().c_str());
  if (flags.there.wanted()) std::printf("Kept at %s.\n", flags.there.server.c_str());
  if (!flags.out.empty()) {
    std::printf("Kept in %s.\n", flags.out.c_str());
  } else if (!flags.there.wanted()) {
    std::printf("Only checked: nothing was written; give --out to keep them.\n");
  }
  return 0;
}

}  // namespace

void add_survey_import(CLI::App& survey, Chosen& chosen) {
  CLI::App* verb =
      survey.add_subcommand("import", "Takes responses from another survey tool's CSV, all of them or none");
  auto flags = std::make_shared<ImportFlags>();
  verb->add_option("FILE", flags->file, "The export")->required();
  verb->add_option("--instrument", flags->instrument, "The questionnaire's id")->required()->type_name("ID");
  verb->add_option("--format", flags->format,
                   "redcap, qualtrics, limesurvey or plain; else told by its columns")
      ->type_name("NAME");
  verb->add_option("--timezone", flags->timezone,
                   "Whose clocks times without an offset were read from: Europe/Berlin, UTC")
      ->type_name("ZONE");
  verb->add_option("--map", flags->columns,
                   "CSV with the columns column,item: an item's number, person, time or language")
      ->type_name("FILE");
  verb->add_option("--answers", flags->answers,
                   "CSV with the columns answer,value: what codes or words stand for")
      ->type_name("FILE");
  verb->add_option("--out", flags->out, "Keep the responses: a CSV that is begun or continued")
      ->type_name("FILE");
  add_survey_flags(*verb, flags->common);
  add_server_flags(*verb, flags->there);
  verb->footer(
      "Example: pyrometer survey import export.csv --instrument pss-10 --timezone Europe/Berlin --out "
      "pss10.csv\n"
      "Example: pyrometer survey import pss10.csv --instrument pss-10 --server "
      "https://pyrometer.example.org:8443");
  verb->callback([&chosen, flags] { chosen = [flags] { return import_survey(*flags); }; });
}

}  // namespace pyro::cli
