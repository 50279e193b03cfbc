// report session: what one session showed, as text, JSON and page.
#include <cstdio>
#include <filesystem>

#include "pyro/report/run_facts.hpp"
#include "pyro/study/library.hpp"
#include "pyro/study/summary.hpp"
#include "report_pages.hpp"
#include "server/server.hpp"
#include "study/study.hpp"

namespace pyro::cli {
namespace {

struct ReportSessionFlags {
  ServerFlags there;
  std::string where, study, keywords;
  PageFlags page;
  std::optional<std::int64_t> face;
  std::uint64_t seed = 1;
  bool json = false;
};

struct SessionToTell {
  study::SessionSeconds seconds;
  std::string title;
  score::ScoreSettings score;
};

// A session of a study by its name, or a run's folder scored as it was recorded.
Result<SessionToTell> read_session_of(const ReportSessionFlags& flags) {
  SessionToTell out;
  if (!flags.study.empty()) {
    const Result<study::Study> study = study::Study::open(flags.study);
    if (!study) return tl::make_unexpected(study.error());
    const study::StudySession* session = study->find(flags.where);
    if (session == nullptr)
      return bad_input(flags.study + " has no session " + flags.where + "; pyrometer study list --study " +
                       flags.study + " shows them");
    if (const Status read = study::read_seconds(study->seconds_file(*session), out.seconds); !read)
      return tl::make_unexpected(read.error());
    out.title = session->id;
    out.score = study->settings().score;
    return out;
  }
  const std::filesystem::path run = flags.where;
  std::error_code error;
  out.title = run.filename().empty() ? run.parent_path().filename().string() : run.filename().string();
  if (std::filesystem::is_directory(run, error)) {
    const Result<report::RunFacts> facts = report::read_run_facts(run / "session.json");
    if (!facts) return tl::make_unexpected(facts.error());
    out.title = std::filesystem::path{facts->input}.filename().string();
    out.score = facts->score;
  }
  Result<study::SessionSeconds> seconds = study::read_session({run, flags.face, {}}, out.score);
  if (!seconds) return tl::make_unexpected(seconds.error());
  out.seconds = std::move(*seconds);
  return out;
}

int report_on_server(const CLI::App& verb, const ReportSessionFlags& flags) {
  if (const Status fit = check_there(verb, {"--html", "--pdf", "--json"}); !fit)
    return report(fit.error(), flags.json);
  return report_there({flags.there, flags.where, flags.page.html, flags.page.pdf, flags.json});
}

int report_session(const CLI::App& verb, const ReportSessionFlags& flags) {
  if (flags.there.wanted()) return report_on_server(verb, flags);
  const Result<SessionToTell> session = read_session_of(flags);
  if (!session) return report(session.error(), flags.json);
  std::vector<study::Keyword> keywords;
  if (!flags.keywords.empty()) {
    Result<std::vector<study::Keyword>> read =
        study::read_keywords(flags.keywords, session->seconds.facts.duration_s);
    if (!read) return report(read.error(), flags.json);
    keywords = std::move(*read);
  }
  const study::SessionSummary summary =
      study::summarise(session->seconds, session->title, keywords, session->score, flags.seed);
  if (flags.page.wanted()) {
    if (const Status written = write_report(study::summary_page(summary), flags.page); !written)
      return report(written.error(), flags.json);
  }
  const std::string text =
      flags.json
          ? study::to_json(summary).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n"
          : study::summary_text(summary);
  std::fputs(text.c_str(), stdout);
  return 0;
}

}  // namespace

void add_report(CLI::App& app, Chosen& chosen) {
  CLI::App* verb = app.add_subcommand("report", "Reports for people to read");
  verb->require_subcommand(1);
  CLI::App* session = verb->add_subcommand(
      "session", "What one session showed: its strongest minutes, topics, engagement, fatigue, data quality");
  auto flags = std::make_shared<ReportSessionFlags>();
  session
      ->add_option("WHERE", flags->where,
                   "A run's folder; with --study a session's name; with --server a session's id")
      ->required();
  session->add_option("--study", flags->study, "The study that the session is in")->type_name("FOLDER");
  session->add_option("--face", flags->face, "Whose session, where a run has several people")
      ->check(CLI::NonNegativeNumber);
  session->add_option("--keywords", flags->keywords, "Topics: a CSV with keyword,start_s,end_s")
      ->type_name("FILE");
  add_page_flags(*session, flags->page, "charts and tables");
  session->add_option("--seed", flags->seed, "Of the resampling")->capture_default_str();
  add_server_flags(*session, flags->there);
  session->add_flag("--json", flags->json, "One line of JSON");
  session->footer("Example: pyrometer report session results/ --keywords topics.csv --html session.html");
  session->callback(
      [&chosen, flags, session] { chosen = [flags, session] { return report_session(*session, *flags); }; });
}

}  // namespace pyro::cli
