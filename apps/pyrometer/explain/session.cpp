// explain session: which expressions and cues moved a recorded session's score; no video, no network.
#include <cstdio>
#include <filesystem>

#include "cli.hpp"
#include "explain/explain.hpp"
#include "pyro/explain/session_report.hpp"
#include "pyro/records/notice.hpp"
#include "pyro/report/run_facts.hpp"
#include "report_pages.hpp"
#include "settings_words.hpp"

namespace pyro::cli {
namespace {

struct ExplainSessionFlags {
  std::string where;
  PageFlags page;
  double step_s = explain::kMinute.count();
  bool json = false;
  ScoreFlags score;
};

// A run's own settings stand for all score flags that nobody gave.
void take_settings(const CLI::App& verb, const score::ScoreSettings& run, ScoreFlags& flags) {
  const auto take = [&verb](const char* flag, auto& value, const auto& recorded) {
    if (verb.count(flag) == 0) value = recorded;
  };
  take("--alpha", flags.settings.alpha, run.alpha);
  take("--beta", flags.settings.beta, run.beta);
  take("--gamma", flags.settings.gamma, run.gamma);
  take("--lambda", flags.settings.lambda, run.lambda);
  take("--delta", flags.settings.delta, run.delta);
  take("--profile", flags.profile, score::name_of(run.profile));
  take("--window", flags.window_s, run.window.count());
  take("--baseline", flags.baseline_s, run.baseline.count());
  flags.settings.known_baseline = run.known_baseline;
}

void print(const explain::PersonStory& story, const explain::SessionSource& source) {
  std::printf("person %lld: S %.4f, V %.5f, S_final %.4f over %lld valid of %lld frames: %s\n",
              static_cast<long long>(story.face_id + 1), story.session.score, story.session.volatility,
              story.session.final_score, static_cast<long long>(story.session.valid),
              static_cast<long long>(story.session.frames),
              explain::movers_text(story.session.score_parts, explain::kParts).c_str());
  std::printf("%10s %8s %8s %9s %9s  %s\n", "from", "frames", "valid", "S", "change", "moved most by");
  for (const explain::Step& step : story.steps) {
    std::printf("%10s %8lld %8lld", explain::step_text(step, source).c_str(),
                static_cast<long long>(step.level.frames), static_cast<long long>(step.level.valid));
    if (step.level.valid == 0) {
      std::printf(" %9s %9s  %s\n", "-", "-", step.level.frames == 0 ? "not seen" : "no valid frame");
    } else if (!step.change) {
      std::printf(" %9.4f %9s\n", step.level.score, "-");
    } else {
      std::printf(" %9.4f %+9.4f  %s\n", step.level.score, step.change->score,
                  explain::movers_text(step.change->score_parts).c_str());
    }
  }
}

int explain_session(const CLI::App& verb, ExplainSessionFlags flags) {
  explain::SessionSource source;
  source.name = flags.where;
  source.length = Seconds{flags.step_s};
  std::filesystem::path frames_csv = flags.where;
  std::error_code error;
  if (std::filesystem::is_directory(frames_csv, error)) {
    const Result<report::RunFacts> run = report::read_run_facts(frames_csv / "session.json");
    if (!run) return report(run.error(), flags.json);
    source.name = run->input;
    source.models = run->models;
    take_settings(verb, run->score, flags.score);
    frames_csv /= "frames.csv";
  }
  const Result<score::ScoreSettings> settings = settle(flags.score);
  if (!settings) return report(settings.error(), flags.json);
  source.settings = *settings;
  Result<report::FramesReader> frames = report::FramesReader::open(frames_csv);
  if (!frames) return report(frames.error(), flags.json);
  const auto stories = explain::explain_recorded(*frames, *settings, source.length);
  if (!stories) return report(stories.error(), flags.json);
  if (flags.page.wanted()) {
    if (const Status written = write_report(explain::session_page(*stories, source), flags.page); !written)
      return report(written.error(), flags.json);
  }
  for (const explain::PersonStory& story : *stories) {
    if (flags.json) {
      std::printf("%s\n", explain::to_json(story, source)
                              .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
                              .c_str());
    } else {
      print(story, source);
    }
  }
  if (!flags.json) std::printf("%s\n", records::kNotice);
  return 0;
}

}  // namespace

void add_explain_session(CLI::App& explain, Chosen& chosen) {
  CLI::App* verb = explain.add_subcommand(
      "session",
      "Which expressions and cues moved a recorded score, minute by minute, adding up to its change");
  auto flags = std::make_shared<ExplainSessionFlags>();
  verb->add_option("WHERE", flags->where,
                   "A run's folder (its own score settings are taken), or a frames.csv alone")
      ->required();
  verb->add_option("--step", flags->step_s, "Seconds of a step, 1 to 3600")->capture_default_str();
  add_page_flags(*verb, flags->page, "charts and tables");
  verb->add_flag("--json", flags->json, "One line of JSON a person");
  add_score_flags(*verb, flags->score);
  add_settings_file(*verb);
  verb->footer("Example: pyrometer explain session results/ --pdf session.pdf");
  verb->callback(
      [&chosen, flags, verb] { chosen = [flags, verb] { return explain_session(*verb, *flags); }; });
}

}  // namespace pyro::cli
