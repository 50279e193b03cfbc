#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdio>

#include "cli.hpp"
#include "explain/explain.hpp"
#include "forecast/forecast.hpp"
#include "pyro/records/notice.hpp"
#include "regress/regress.hpp"
#include "serve/serve.hpp"
#include "server/server.hpp"
#include "settings_words.hpp"
#include "study/study.hpp"
#include "survey/survey.hpp"
#include "trend/trend.hpp"
#include "validate/validate.hpp"

namespace {

using pyro::Status;
using pyro::cli::Chosen;

// CLI11 only says that a subcommand is required; whoever mistyped one wants to hear which.
Status check_verb(const CLI::App& app, const std::vector<std::string>& reversed_words) {
  if (reversed_words.empty() || reversed_words.back().starts_with("-")) return {};
  const std::string& word = reversed_words.back();
  std::string verbs;
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (verb->get_name() == word) return {};
    verbs += " " + verb->get_name();
  }
  for (const char* training : {"train", "finetune", "landmarks", "distill"}) {
    if (word == training)
      return pyro::wrong_use(
          std::string("'").append(word).append("' is a training verb: start it by ./run ").append(word));
  }
  return pyro::wrong_use("there is no verb '" + word + "'; the verbs are" + verbs + " (pyrometer --help)");
}

}  // namespace

int main(int argc, char** argv) {
  spdlog::set_default_logger(spdlog::stderr_logger_mt("pyrometer"));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S%z %l %v");

  CLI::App app{
      "Pyrometer reads strain from a face without touching: expressions, fatigue cues and a burnout-risk "
      "score from video.\n" +
          std::string(pyro::records::kNotice),
      "pyrometer"};
  app.set_version_flag("--version", std::string("pyrometer ") + PYRO_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 done, 2 wrong use, 3 bad input, 4 something here failed, 130 stopped by Ctrl-C.\n"
      "Every flag can also be given as PYROMETER_<FLAG> or in a TOML file by --config.");
  bool verbose = false;
  app.add_flag("-v,--verbose", verbose, "Log details to standard error");

  Chosen chosen;
  pyro::cli::add_analyze(app, chosen);
  pyro::cli::add_live(app, chosen);
  pyro::cli::add_predict(app, chosen);
  pyro::cli::add_evaluate(app, chosen);
  pyro::cli::add_map(app, chosen);
  pyro::cli::add_audit(app, chosen);
  pyro::cli::add_dataset(app, chosen);
  pyro::cli::add_score(app, chosen);
  pyro::cli::add_explain(app, chosen);
  pyro::cli::add_survey(app, chosen);
  pyro::cli::add_trend(app, chosen);
  pyro::cli::add_validate(app, chosen);
  pyro::cli::add_regress(app, chosen);
  pyro::cli::add_study(app, chosen);
  pyro::cli::add_report(app, chosen);
  pyro::cli::add_forecast(app, chosen);
  pyro::cli::add_serve(app, chosen);
  pyro::cli::add_worker(app, chosen);
  pyro::cli::add_admin(app, chosen);
  pyro::cli::add_login(app, chosen);
  pyro::cli::add_people(app, chosen);
  pyro::cli::add_sessions(app, chosen);
  pyro::cli::add_jobs(app, chosen);
  pyro::cli::add_bench(app, chosen);
  pyro::cli::add_doctor(app, chosen);
  pyro::cli::add_models(app, chosen);
  pyro::cli::add_export(app, chosen);
  pyro::cli::add_help_files(app, chosen);

  try {
    pyro::Result<std::vector<std::string>> words =
        pyro::cli::with_settings(app, std::vector<std::string>(argv + 1, argv + argc));
    if (!words) return pyro::cli::report(words.error());
    if (Status fit = pyro::cli::check_server_flag(app, *words); !fit) return pyro::cli::report(fit.error());
    std::reverse(words->begin(), words->end());  // CLI11 takes them from the back
    if (Status known = check_verb(app, *words); !known) return pyro::cli::report(known.error());
    app.parse(*words);
    spdlog::set_level(verbose ? spdlog::level::debug : spdlog::level::warn);
    return chosen();
  } catch (const CLI::Success& wanted) {  // --help, --version
    return app.exit(wanted);
  } catch (const CLI::ParseError& error) {
    const std::string verb = argc > 1 && argv[1][0] != '-' ? std::string(" ") + argv[1] : "";
    return pyro::cli::report(
        {pyro::ErrorCode::wrong_use, error.what() + ("; see pyrometer" + verb + " --help"), ""});
  } catch (const std::exception& error) {
    return pyro::cli::report(
        pyro::Error{pyro::ErrorCode::failed, "unexpected failure: " + std::string(error.what()), ""});
  }
}
