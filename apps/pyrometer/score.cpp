// score: the formulas on recorded probabilities alone; no video, no network.
#include <cmath>
#include <cstdio>

#include "cli.hpp"
#include "pyro/records/notice.hpp"
#include "pyro/report/frames_reader.hpp"
#include "pyro/report/rows.hpp"
#include "settings_words.hpp"

namespace pyro::cli {
namespace {

struct ScoreFileFlags {
  std::string frames;
  ScoreFlags score;
  bool json = false;
};

int score_file(const ScoreFileFlags& flags) {
  const Result<score::ScoreSettings> settings = settle(flags.score);
  if (!settings) return report(settings.error(), flags.json);
  Result<report::FramesReader> frames = report::FramesReader::open(flags.frames);
  if (!frames) return report(frames.error(), flags.json);
  const Result<report::SessionTable> table = report::score_recorded(*frames, *settings);
  if (!table) return report(table.error(), flags.json);
  if (!flags.json)
    std::printf("%8s %8s %8s %9s %9s %9s %10s %9s %7s\n", "person", "frames", "valid", "min", "max", "mean S",
                "volatility", "S_final", "index");
  for (const report::PersonSummary& person : table->persons()) {
    if (flags.json) {
      std::string line;
      report::append_json(line, report::session_columns(), person);
      std::printf("%s\n", line.c_str());
      continue;
    }
    const score::SessionScore& score = person.score;
    std::printf("%8lld %8lld %8lld %9.4f %9.4f %9.4f %10.5f %9.4f %7.1f\n",
                static_cast<long long>(person.face_id + 1), static_cast<long long>(person.frames),
                static_cast<long long>(score.valid_frames()), score.min(), score.max(), score.mean(),
                score.volatility(), score.final_score(), score.index());
  }
  if (!flags.json) std::printf("%s\n", records::kNotice);
  return 0;
}

}  // namespace

void add_score(CLI::App& app, Chosen& chosen) {
  CLI::App* verb = app.add_subcommand(
      "score", "Scores recorded probabilities (a frames.csv, ours or anybody's with the seven columns)");
  auto flags = std::make_shared<ScoreFileFlags>();
  verb->add_option("frames", flags->frames, "A frames.csv")->required();
  verb->add_flag("--json", flags->json, "One line of JSON a person");
  add_score_flags(*verb, flags->score);
  add_settings_file(*verb);
  verb->footer("Example: pyrometer score results/frames.csv --gamma 0.2");
  verb->callback([&chosen, flags] { chosen = [flags] { return score_file(*flags); }; });
}

}  // namespace pyro::cli
