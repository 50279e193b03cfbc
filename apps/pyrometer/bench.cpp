// bench: the whole way of the data on a clip, beside pure decoding of the same clip in the same run: machines
// are noisy.
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli.hpp"
#include "pyro/capture/source.hpp"
#include "run_folder.hpp"

namespace pyro::cli {
namespace {

struct BenchFlags {
  std::string clip;
  int repeat = 3;
  bool json = false;
};

struct Measured {
  std::string name;
  std::int64_t frames = 0;
  double cpu_s = 0, wall_s = 0;

  [[nodiscard]] double per_cpu_second() const { return static_cast<double>(frames) / cpu_s; }
};

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}
double peak_memory_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

// The best of several runs: what disturbs a measurement only ever makes it slower.
template <typename Work>
Result<Measured> best_of(int repeat, std::string name, Work work) {
  Measured best{std::move(name)};
  for (int i = 0; i < repeat; ++i) {
    const double cpu = cpu_seconds();
    const auto wall = std::chrono::steady_clock::now();
    const Result<std::int64_t> frames = work();
    if (!frames) return tl::make_unexpected(frames.error());
    const double cpu_s = cpu_seconds() - cpu;
    if (i > 0 && cpu_s >= best.cpu_s) continue;
    best.frames = *frames;
    best.cpu_s = cpu_s;
    best.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count();
  }
  return best;
}

Result<std::int64_t> decode_only(const std::string& clip) {
  Result<std::unique_ptr<capture::Source>> source = capture::open(clip);
  if (!source) return tl::make_unexpected(source.error());
  for (std::int64_t frames = 0;; ++frames) {
    const Result<std::optional<records::Frame>> next = (*source)->next();
    if (!next) return tl::make_unexpected(next.error());
    if (!*next) return frames;
  }
}

int measure(const BenchFlags& flags) {
  const Result<infer::ModelStore> models = open_models();
  if (!models) return report(models.error(), flags.json);
  const std::filesystem::path scratch =
      std::filesystem::temp_directory_path() / ("pyrometer-bench-" + std::to_string(getpid()));

  std::vector<Measured> rows;
  const auto add = [&rows](Result<Measured> row) -> Status {
    if (!row) return tl::make_unexpected(row.error());
    rows.push_back(std::move(*row));
    return {};
  };
  const auto walk_row = [&](const std::string& name, int threads, const std::string& mesh,
                            const std::string& precision) -> Status {
    WalkFlags walk_flags;
    walk_flags.settings.threads = threads;
    walk_flags.mesh = mesh;
    walk_flags.precision = precision;
    const Result<pipeline::WalkSettings> settings = settle(walk_flags);
    if (!settings) return tl::make_unexpected(settings.error());
    Result<pipeline::Walk> walk = pipeline::Walk::create(*models, *settings);
    if (!walk) return tl::make_unexpected(walk.error());
    return add(best_of(flags.repeat, name, [&]() -> Result<std::int64_t> {
      Result<std::unique_ptr<capture::Source>> source = capture::open(flags.clip);
      if (!source) return tl::make_unexpected(source.error());
      Result<std::unique_ptr<RunFolder>> folder =
          RunFolder::open(scratch, false, (*source)->info(), *settings, *models);
      if (!folder) return tl::make_unexpected(folder.error());
      pipeline::WalkSummary summary;
      Status ended = walk->run(std::move(*source), **folder, interrupted(), summary);
      if (Status closed = (*folder)->close(summary, ended); !closed && ended) ended = closed;
      if (!ended) return tl::make_unexpected(ended.error());
      return summary.frames;
    }));
  };
  Status done = add(best_of(flags.repeat, "decoding alone", [&] { return decode_only(flags.clip); }));
  if (done) done = walk_row("whole path, f32, 1 thread", 1, "full", "f32");
  if (done) done = walk_row("whole path, f32, 2 threads", 2, "full", "f32");
  if (done) done = walk_row("468 points, f32, 1 thread", 1, "fast", "f32");
  if (done) done = walk_row("whole path, bf16, 1 thread", 1, "full", "bf16");
  if (done) done = walk_row("468 points, bf16, 1 thread", 1, "fast", "bf16");
  std::error_code ignored;
  std::filesystem::remove_all(scratch, ignored);
  if (!done) return report(done.error(), flags.json);

  nlohmann::json list = nlohmann::json::array();
  if (!flags.json)
    std::printf("%-28s %8s %12s %14s %10s %12s\n", "", "frames", "CPU ms/frame", "frames/CPU s", "wall s",
                "x decoding");
  for (const Measured& row : rows) {
    const double ratio = rows.front().per_cpu_second() / row.per_cpu_second();
    const double cpu_ms = 1000 * row.cpu_s / static_cast<double>(row.frames);
    list.push_back({{"name", row.name},
                    {"frames", row.frames},
                    {"cpu_ms_per_frame", cpu_ms},
                    {"frames_per_cpu_s", row.per_cpu_second()},
                    {"wall_s", row.wall_s},
                    {"times_decoding", ratio}});
    if (!flags.json) {
      std::printf("%-28s %8lld %12.2f %14.0f %10.2f %12.1f\n", row.name.c_str(),
                  static_cast<long long>(row.frames), cpu_ms, row.per_cpu_second(), row.wall_s, ratio);
    }
  }
  if (flags.json) {
    std::printf("%s\n",
                nlohmann::json{{"clip", flags.clip}, {"rows", list}, {"peak_memory_mb", peak_memory_mb()}}
                    .dump()
                    .c_str());
  } else {
    std::printf("best of %d runs each; peak memory of all together %.0f MB\n", flags.repeat,
                peak_memory_mb());
  }
  return 0;
}

}  // namespace

void add_bench(CLI::App& app, Chosen& chosen) {
  CLI::App* verb =
      app.add_subcommand("bench", "Measures the whole path on a clip beside pure decoding of it");
  auto flags = std::make_shared<BenchFlags>();
  verb->add_option("clip", flags->clip, "A video with a face")->required();
  verb->add_option("--repeat", flags->repeat, "Runs of each; the best counts")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  verb->add_flag("--json", flags->json, "One line of JSON");
  verb->footer("Example: pyrometer bench clip.mp4");
  verb->callback([&chosen, flags] { chosen = [flags] { return measure(*flags); }; });
}

}  // namespace pyro::cli
