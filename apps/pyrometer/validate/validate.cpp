#include "validate/validate.hpp"

#include <cstdio>
#include <memory>

#include "pyro/validity/report.hpp"
#include "report_pages.hpp"
#include "settings_words.hpp"

namespace pyro::cli {
namespace {

struct ValidateFlags {
  std::string pairs;
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

int run_validate(ValidateFlags flags) {
  if (flags.pairs.empty()) {
    if (!flags.r || !flags.n)
      return report(
          wrong_use("validate needs a table of pairs, or --r and --n of a published correlation").value(),
          flags.json);
    const auto summary = validity::judge(*flags.r, *flags.n);
    return summary ? deliver(*summary, flags) : report(summary.error(), flags.json);
  }
  if (flags.r || flags.n)
    return report(wrong_use("--r and --n stand for a table that is not there; give one or the other").value(),
                  flags.json);
  flags.settings.same_unit = !flags.different_units;
  auto tables = validity::read_pairs(flags.pairs, flags.columns);
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
      "          pyrometer validate --r 0.904 --n 5    (the published case: what five pairs can show)");
  verb->callback([&chosen, flags] { chosen = [flags] { return run_validate(*flags); }; });
}

}  // namespace pyro::cli
