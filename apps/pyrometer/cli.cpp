#include "cli.hpp"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <thread>

#include "pyro/report/frames_reader.hpp"
#include "settings_words.hpp"

namespace pyro::cli {
namespace {

// A signal handler may only touch lock-free things; a thread that sleeps on a pipe turns the signal into a
// stop request.
int signal_pipe[2] = {-1, -1};
const std::shared_ptr<std::atomic<bool>> opening_stops = std::make_shared<std::atomic<bool>>(false);

extern "C" void on_signal(int) {
  opening_stops->store(true);
  const char byte = 1;
  if (write(signal_pipe[1], &byte, 1) != 1) _exit(kExitInterrupted);
}

std::stop_source& stop_source() {
  static std::stop_source source = [] {
    std::stop_source made;
    if (pipe(signal_pipe) != 0) return made;
    std::thread([made]() mutable {
      char byte = 0;
      if (read(signal_pipe[0], &byte, 1) == 1) made.request_stop();
      // Asked twice: at once. But timeout(1) and some terminals send the same request to the process and to
      // its group, which is one.
      const auto asked = std::chrono::steady_clock::now();
      while (read(signal_pipe[0], &byte, 1) == 1) {
        if (std::chrono::steady_clock::now() - asked > std::chrono::milliseconds{300})
          _exit(kExitInterrupted);
      }
    }).detach();
    struct sigaction action {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    return made;
  }();
  return source;
}

}  // namespace

std::stop_token interrupted() {
  return stop_source().get_token();
}

Result<std::unique_ptr<capture::Source>> open_source(const std::string& input,
                                                     capture::SourceOptions options) {
  options.stop = opening_stops;
  return capture::open(input, options);
}

int report(const Error& error, bool json) {
  const int code = exit_code(error.code);
  if (json) {
    const nlohmann::json line{
        {"event", "error"}, {"message", error.message}, {"context", error.context}, {"exit", code}};
    std::printf("%s\n", line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
    std::fflush(stdout);
  }
  std::fprintf(stderr, "pyrometer: %s\n", error.text().c_str());
  return code;
}

Result<registry::Place> find_place(const PlaceFlags& flags) {
  const Result<Paths> paths = find_paths(flags.models, flags.registry);
  if (!paths) return tl::make_unexpected(paths.error());
  return registry::Place{paths->models, paths->home, paths->registry};
}

Result<infer::ModelStore> open_models(const PlaceFlags& flags) {
  const Result<registry::Place> place = find_place(flags);
  if (!place) return tl::make_unexpected(place.error());
  return registry::open_store(*place);
}

void add_place_flags(CLI::App& verb, PlaceFlags& flags) {
  verb.add_option(
          "--models", flags.models,
          "Folder of models with its manifest.toml, used alone (an edge bundle); else those beside the "
          "program")
      ->type_name("FOLDER")
      ->group("Models");
  verb.add_option("--registry", flags.registry, "Folder of the models that were added on this machine")
      ->type_name("FOLDER")
      ->group("Models");
}

void add_score_flags(CLI::App& verb, ScoreFlags& flags) {
  score::ScoreSettings& settings = flags.settings;
  const auto add = [&verb](const std::string& name, auto& value, const std::string& what) {
    return verb.add_option(name, value, what)->capture_default_str()->group("Score");
  };
  add("--alpha", settings.alpha, "Weight of angry, disgust, fear, sad");
  add("--beta", settings.beta, "Weight of happy (counts against strain)");
  add("--gamma", settings.gamma, "Weight of neutral and surprise");
  add("--lambda", settings.lambda, "Mean against volatility, 0..1");
  add("--window", flags.window_s, "Rolling window in seconds");
  add("--profile", flags.profile,
      "thesis: the published formula; extended: with the fatigue term and own baselines")
      ->check(CLI::IsMember({"thesis", "extended"}));
  add("--delta", settings.delta, "Extended profile: weight of the fatigue term");
  add("--baseline", flags.baseline_s, "Extended profile: seconds of a person's own rest at the start");
  add("--baseline-from", flags.baseline_file,
      "Extended profile: take the rest from this session.json instead");
}

void add_walk_flags(CLI::App& verb, WalkFlags& flags) {
  pipeline::WalkSettings& settings = flags.settings;
  verb.add_option("--max-faces", settings.faces.max_faces, "Most faces at once")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  verb.add_option("--threads", settings.threads, "Threads for the networks")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  verb.add_option("--detector", flags.detector, "Who finds faces")
      ->check(CLI::IsMember({"blazeface", "mtcnn"}))
      ->capture_default_str();
  verb.add_option("--mesh", flags.mesh, "full: 478 points; fast: 468 points in about a third of the time")
      ->check(CLI::IsMember({"full", "fast"}))
      ->capture_default_str();
  verb.add_option("--model", settings.expression_model,
                  "Expression model: name or name@version (see: pyrometer models list)")
      ->capture_default_str();
  verb.add_option("--head", flags.head, "Which head of the expression model: product or fer2013")
      ->check(CLI::IsMember({"product", "fer2013"}))
      ->capture_default_str();
  verb.add_option("--precision", flags.precision, "f32, or bf16: faster, slightly different numbers")
      ->check(CLI::IsMember({"f32", "bf16"}))
      ->capture_default_str();
  verb.add_flag("--no-expressions", flags.no_expressions,
                "Fatigue cues only: no expression is computed at all");
  add_place_flags(verb, flags.place);
  add_score_flags(verb, flags.score);
  add_settings_file(verb);
}

Result<score::ScoreSettings> settle(const ScoreFlags& flags) {
  score::ScoreSettings settings = flags.settings;
  settings.profile = flags.profile == "extended" ? score::Profile::extended : score::Profile::thesis;
  settings.window = Seconds{flags.window_s};
  settings.baseline = Seconds{flags.baseline_s};
  if (!flags.baseline_file.empty()) {
    const Result<score::Baseline> baseline = report::read_baseline(flags.baseline_file);
    if (!baseline) return tl::make_unexpected(baseline.error());
    settings.known_baseline = *baseline;
  }
  if (Status good = score::validate(settings); !good) return tl::make_unexpected(good.error());
  return settings;
}

Result<pipeline::WalkSettings> settle(const WalkFlags& flags) {
  pipeline::WalkSettings settings = flags.settings;
  settings.faces.detector =
      flags.detector == "mtcnn" ? face::DetectorKind::mtcnn : face::DetectorKind::blazeface;
  settings.faces.mesh = flags.mesh == "fast" ? face::MeshKind::fast : face::MeshKind::full;
  settings.precision = flags.precision == "bf16" ? infer::Precision::bf16 : infer::Precision::f32;
  settings.faces.precision = settings.precision;
  settings.head = flags.head == "fer2013" ? signals::Head::fer2013 : signals::Head::product;
  settings.expressions = !flags.no_expressions;
  const Result<score::ScoreSettings> score = settle(flags.score);
  if (!score) return tl::make_unexpected(score.error());
  settings.score = *score;
  return settings;
}

}  // namespace pyro::cli
