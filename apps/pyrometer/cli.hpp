// What every verb shares: how it is registered, its settings, and how it speaks.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "pyro/base/paths.hpp"
#include "pyro/base/result.hpp"
#include "pyro/infer/model_store.hpp"
#include "pyro/pipeline/walk.hpp"
#include "pyro/registry/registry.hpp"
#include "pyro/report/provenance.hpp"

namespace pyro::cli {

// A verb adds its subcommand and, when that was chosen, leaves what is to be done here. It returns the exit
// code.
using Chosen = std::function<int()>;

void add_analyze(CLI::App& app, Chosen& chosen);
void add_live(CLI::App& app, Chosen& chosen);
void add_predict(CLI::App& app, Chosen& chosen);
void add_evaluate(CLI::App& app, Chosen& chosen);
void add_map(CLI::App& app, Chosen& chosen);
void add_audit(CLI::App& app, Chosen& chosen);
void add_dataset(CLI::App& app, Chosen& chosen);
void add_score(CLI::App& app, Chosen& chosen);
void add_bench(CLI::App& app, Chosen& chosen);
void add_doctor(CLI::App& app, Chosen& chosen);
void add_models(CLI::App& app, Chosen& chosen);
void add_export(CLI::App& app, Chosen& chosen);
void add_help_files(CLI::App& app, Chosen& chosen);  // completions and man

// Which models are used; empty: those beside the program.
struct PlaceFlags {
  std::string models, registry;
};
void add_place_flags(CLI::App& verb, PlaceFlags& flags);

// Settings as they come from file < environment < flags.
struct ScoreFlags {
  score::ScoreSettings settings;
  std::string profile = "thesis", baseline_file;
  double window_s = settings.window.count(), baseline_s = settings.baseline.count();
};
struct WalkFlags {
  pipeline::WalkSettings settings;
  ScoreFlags score;
  PlaceFlags place;
  std::string detector = "blazeface", mesh = "full", precision = "f32", head = "product";
  bool no_expressions = false;
};
void add_score_flags(CLI::App& verb, ScoreFlags& flags);
void add_walk_flags(CLI::App& verb, WalkFlags& flags);
// Flags into settings; wrong_use where they do not make sense together.
[[nodiscard]] Result<score::ScoreSettings> settle(const ScoreFlags& flags);
[[nodiscard]] Result<pipeline::WalkSettings> settle(const WalkFlags& flags);

// Error: no models are beside the program, and none were named.
[[nodiscard]] Result<registry::Place> find_place(const PlaceFlags& flags);
// The models there, names resolved as the registry there says.
[[nodiscard]] Result<infer::ModelStore> open_models(const PlaceFlags& flags = {});

// "pyrometer: message" on standard error, as JSON too when asked for; gives the exit code back.
int report(const Error& error, bool json = false);

// Asked to stop by Ctrl-C or SIGTERM (once: finish the files properly; twice: at once). Valid for the whole
// process.
[[nodiscard]] std::stop_token interrupted();
// A source whose opening, too, ends when asked to stop (an address that does not answer).
[[nodiscard]] Result<std::unique_ptr<capture::Source>> open_source(const std::string& input,
                                                                   capture::SourceOptions options = {});
inline constexpr int kExitInterrupted = 130;

}  // namespace pyro::cli
