#include "validate/validate.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "pyro/study/session_table.hpp"
#include "pyro/validity/report.hpp"
#include "report_pages.hpp"
#include "settings_words.hpp"

namespace pyro::cli {
namespace {

struct ValidateFlags {
  std::string pairs, study;
  double within_days = 7;
  PageFlags page;
  validity::PairColumns columns;
  validity::ValidationSettings settings;
  bool different_units = false, json = false;
  std::optional<double> r;
  std::optional<std::int64_t> n;
};

// Every form of what was found: page, JSON, text.
template <typename Found>
int deliver(const Found& found, const ValidateFlags& flags) {
  if (flags.page.wanted()) {
    if (const Status written = write_report(validity::page_of(found), flags.page); !written)
      return report(written.error(), flags.json);
  }
  const std::string text =
      flags.json
          ? validity::to_json(found).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n"
          : validity::text_of(found);
  std::fputs(text.c_str(), stdout);
  return 0;
}

// A folder that only this user can read, and that is gone when this is: persons' scores pass through it.
class PassingFolder {
 public:
  PassingFolder() : path_((std::filesystem::temp_directory_path() / "pyrometer-XXXXXX").string()) {
    made_ = ::mkdtemp(path_.data()) != nullptr;
  }
  PassingFolder(const PassingFolder&) = delete;
  PassingFolder& operator=(const PassingFolder&) = delete;
  ~PassingFolder() {
    std::error_code ignored;
    if (made_) std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] bool made() const { return made_; }
  [[nodiscard]] std::filesystem::path file(const char* name) const {
    return std::filesystem::path(path_) / name;
  }

 private:
  std::string path_;
  bool made_ = false;
};

// The study's sessions, each with the answers nearest to it: "instrument:scale" becomes the column with its
// per cent, or with its points where units differ.
Result<std::vector<validity::PairTable>> pairs_of_study(const ValidateFlags& flags) {
  const Result<study::Study> study = study::Study::open(flags.study);
  if (!study) return tl::make_unexpected(study.error());
  study::SurveyColumns answers{{}, flags.within_days};
  validity::PairColumns columns = flags.columns;
  for (std::string& survey : columns.surveys) {
    const std::size_t colon = survey.find(':');
    if (colon == std::string::npos)
      return wrong_use("--survey '" + survey + "' must be instrument:scale with --study, as in pss-10:total");
    const std::string instrument = survey.substr(0, colon);
    survey =
        study::column_of(instrument, survey.substr(colon + 1)) + (flags.different_units ? "" : "_percent");
    if (std::ranges::find(answers.instruments, instrument) == answers.instruments.end())
      answers.instruments.push_back(instrument);
  }
  if (std::ranges::all_of(study->sessions(), [](const auto& session) { return session.start.has_value(); }))
    columns.time = "start_utc";
  columns.skip_missing = true;
  const PassingFolder passing;
  if (!passing.made())
    return failed("no folder can be made in " + std::filesystem::temp_directory_path().string() +
                  "; check TMPDIR and the free space");
  const std::filesystem::path table = passing.file("sessions.csv");
  if (const auto written = study::write_session_table(*study, table, 1, answers); !written)
    return tl::make_unexpected(written.error());
  auto pairs = validity::read_pairs(table, columns);
  if (!pairs) return pairs;
  for (validity::PairTable& one : *pairs)
    one.source = flags.study + (study->settings().simulated ? " (SIMULATED people)" : "");
  return pairs;
}

int run_validate(ValidateFlags flags) {
  if (flags.pairs.empty() && flags.study.empty()) {
    if (!flags.r || !flags.n)
      return report(
          wrong_use("validate needs a table of pairs, a --study, or --r and --n of a published correlation")
              .value(),
          flags.json);
    const auto summary = validity::judge(*flags.r, *flags.n);
    return summary ? deliver(*summary, flags) : report(summary.error(), flags.json);
  }
  if (flags.r || flags.n)
    return report(wrong_use("--r and --n stand for a table that is not there; give one or the other").value(),
                  flags.json);
  flags.settings.same_unit = !flags.different_units;
  auto tables =
      flags.study.empty() ? validity::read_pairs(flags.pairs, flags.columns) : pairs_of_study(flags);
  if (!tables) return report(tables.error(), flags.json);
  const auto validations = validity::validate_all(std::move(*tables), flags.settings);
  return validations ? deliver(*validations, flags) : report(validations.error(), flags.json);
}

}  // namespace

void add_validate(CLI::App& app, Chosen& chosen) {
  CLI::App* verb = app.add_subcommand(
      "validate",
      "A score against a questionnaire: correlation, agreement, retest, and what they cannot show");
  auto flags = std::make_shared<ValidateFlags>();
  validity::PairColumns& columns = flags->columns;
  verb->add_option(
          "PAIRS", flags->pairs,
          "CSV with a row per session: person, score, survey; group, session, time, instrument if known")
      ->type_name("FILE");
  CLI::Option* study =
      verb->add_option("--study", flags->study,
                       "A study's folder instead: its sessions with the answers nearest to each; "
                       "then --survey is instrument:scale, and a score a column of `study table`")
          ->type_name("FOLDER")
          ->excludes("PAIRS");
  verb->add_option("--within-days", flags->within_days, "How far from its session an answer may be")
      ->check(CLI::Range(0.0, 366.0))
      ->capture_default_str()
      ->needs(study);
  verb->add_option("--score", columns.scores,
                   "Column of the score; several are each held against each survey")
      ->type_name("COLUMN")
      ->allow_extra_args(false)
      ->capture_default_str();
  verb->add_option("--survey", columns.surveys, "Column of the questionnaire; several as above")
      ->type_name("COLUMN")
      ->allow_extra_args(false)
      ->capture_default_str();
  const auto column = [&](const char* flag, std::string& name, const char* what) {
    verb->add_option(flag, name, what)->type_name("COLUMN")->group("Columns");
  };
  column("--person", columns.person, "Who it is; 'person' else");
  column("--group", columns.group, "Figures for each group apart; 'group' else, if there");
  column("--session", columns.session, "Tells a person's sessions apart; 'session' else, if there");
  column("--time", columns.time, "When: dates or numbers; 'time' else, if there");
  column("--instrument-column", columns.instrument_column,
         "Which questionnaire; 'instrument' else, if there");
  verb->add_option("--instrument", columns.instrument, "Only rows of this questionnaire")->type_name("NAME");
  verb->add_flag("--skip-missing", columns.skip_missing,
                 "Leave rows with an empty value out, and count them");
  verb->add_flag("--different-units", flags->different_units,
                 "Score and survey are no percentages of one scale: no figures of agreement");
  verb->add_option("--permutations", flags->settings.permutations,
                   "Random permutations for p (exact up to 8 pairs)")
      ->check(CLI::Range(100, 10'000'000))
      ->capture_default_str();
  verb->add_option("--seed", flags->settings.seed, "Of the permutations")->capture_default_str();
  verb->add_option("--r", flags->r, "Instead of a table: a published correlation, to see what it shows")
      ->group("Summary");
  verb->add_option("--n", flags->n, "Of how many pairs it is")->group("Summary");
  add_page_flags(*verb, flags->page, "figures and charts");
  verb->add_flag("--json", flags->json, "One line of JSON");
  add_settings_file(*verb);
  verb->footer(
      "Examples: pyrometer validate pairs.csv --html validation.html\n"
      "          pyrometer validate --study ward-3 --score index --survey pss-10:total\n"
      "          pyrometer validate --r 0.904 --n 5    (the published case: what five pairs can show)");
  verb->callback([&chosen, flags] { chosen = [flags] { return run_validate(*flags); }; });
}

}  // namespace pyro::cli
