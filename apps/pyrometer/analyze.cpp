// analyze: videos, streams and folders into tables; many at once.
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <thread>

#include "cli.hpp"
#include "inputs.hpp"
#include "progress.hpp"
#include "pyro/capture/source.hpp"
#include "record_sink.hpp"
#include "run_folder.hpp"
#include "server/server.hpp"

namespace pyro::cli {
namespace {

struct AnalyzeFlags {
  std::vector<std::string> inputs;
  std::string out = "out";
  std::vector<std::string> formats{"csv"};
  bool json = false;
  WalkFlags walk;
  RecordFlags record;
  ServerFlags there;
  std::string person;
};

// Writes the folder and, if wanted, the recording; counts for the progress.
class BatchSink : public pipeline::Sink {
 public:
  BatchSink(Job& job, RunFolder& folder, RecordSink* recording)
      : job_(job), folder_(folder), recording_(recording) {}
  Status take(const records::Frame& frame, std::span<const records::Observation> faces) override {
    job_.frames.fetch_add(1, std::memory_order_relaxed);
    if (faces.front().face.face_id >= 0)
      job_.faces.fetch_add(static_cast<std::int64_t>(faces.size()), std::memory_order_relaxed);
    if (Status taken = folder_.take(frame, faces); !taken) return taken;
    return recording_ != nullptr ? recording_->take(frame, faces) : Status{};
  }

 private:
  Job& job_;
  RunFolder& folder_;
  RecordSink* recording_;
};

class Batch {
 public:
  Batch(const AnalyzeFlags& flags, const pipeline::WalkSettings& settings, const infer::ModelStore& models,
        Progress& progress)
      : flags_(flags), settings_(settings), models_(models), progress_(progress) {}

  // All inputs: side by side, one thread each, when there are several; else one source with two frames in
  // flight. A bad input does not keep the others from being read; the worst exit code counts.
  int run(const std::vector<Input>& inputs) {
    const int threads = settings_.threads;
    const int lanes = inputs.size() > 1 ? std::min<int>(threads, static_cast<int>(inputs.size())) : 1;
    settings_.threads = inputs.size() > 1 ? 1 : threads;
    std::vector<Job*> shown;
    for (const Input& input : inputs) {
      Job& job = jobs_.emplace_back();
      job.source = input.source;
      job.name = capture::shown_name(input.source);
      job.out = input.out.string();
      shown.push_back(&job);
    }
    {
      std::vector<std::jthread> workers;
      workers.reserve(static_cast<std::size_t>(lanes));
      std::atomic<int> active = lanes;
      for (int i = 0; i < lanes; ++i) {
        workers.emplace_back([this, &active] {
          work();
          --active;
        });
      }
      while (active > 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
        if (++ticks_ % 4 == 0) progress_.show(shown);
      }
    }
    return interrupted().stop_requested() ? kExitInterrupted : exit_;
  }

 private:
  // One lane: takes the next input until none is left. Its networks serve all its inputs.
  void work() {
    std::optional<pipeline::Walk> walk;
    for (std::size_t i = next_++; i < jobs_.size() && !interrupted().stop_requested(); i = next_++) {
      Job& job = jobs_[i];
      const auto began = std::chrono::steady_clock::now();
      pipeline::WalkSummary summary;
      const Status done = one(job, walk, summary);
      job.over = true;
      const Seconds took = std::chrono::steady_clock::now() - began;
      if (job.running) progress_.finished(job, summary, took);
      if (!done) {
        progress_.clear_line();
        const std::lock_guard lock{exit_mutex_};
        exit_ = std::max(exit_, report(done.error(), flags_.json));
      }
    }
  }

  Status one(Job& job, std::optional<pipeline::Walk>& walk, pipeline::WalkSummary& summary) {
    Result<std::unique_ptr<capture::Source>> source = open_source(job.source);
    if (!source) return tl::make_unexpected(source.error());
    job.expected = (*source)->info().frame_count_hint;
    if (!walk) {
      Result<pipeline::Walk> made = pipeline::Walk::create(models_, settings_);
      if (!made) return tl::make_unexpected(made.error());
      walk.emplace(std::move(*made));
    }
    const bool parquet = std::ranges::find(flags_.formats, "parquet") != flags_.formats.end();
    Result<std::unique_ptr<RunFolder>> folder =
        RunFolder::open(job.out, parquet, (*source)->info(), settings_, models_);
    if (!folder) return tl::make_unexpected(folder.error());
    std::unique_ptr<RecordSink> recording;
    if (!flags_.record.file.empty()) {
      Result<std::unique_ptr<RecordSink>> opened = RecordSink::open(flags_.record);
      if (!opened) return tl::make_unexpected(opened.error());
      recording = std::move(*opened);
    }
    BatchSink sink{job, **folder, recording.get()};
    job.running = true;
    progress_.started(job);
    Status ended = walk->run(std::move(*source), sink, interrupted(), summary);
    if (recording) {
      if (Status closed = recording->close(); !closed && ended) ended = closed;
    }
    if (Status closed = (*folder)->close(summary, ended); !closed && ended) ended = closed;
    return ended;
  }

  const AnalyzeFlags& flags_;
  pipeline::WalkSettings settings_;
  const infer::ModelStore& models_;
  Progress& progress_;
  std::deque<Job> jobs_;
  std::atomic<std::size_t> next_{0};
  std::mutex exit_mutex_;
  int exit_ = 0;
  int ticks_ = 0;
};

int analyze_on_server(const CLI::App& verb, const AnalyzeFlags& flags) {
  if (const Status fit =
          check_there(verb, {"--out", "--format", "--json", "--person", "--max-faces", "--threads",
                             "--detector", "--mesh", "--head", "--no-expressions"});
      !fit)
    return report(fit.error(), flags.json);
  const Result<std::vector<Input>> inputs = resolve_inputs(flags.inputs, flags.out);
  if (!inputs) return report(inputs.error(), flags.json);
  AnalyzeThere what{flags.there, flags.person, {}, flags.json};
  what.options = {{"max_faces", flags.walk.settings.faces.max_faces},
                  {"detector", flags.walk.detector},
                  {"mesh", flags.walk.mesh},
                  {"head", flags.walk.head},
                  {"expressions", !flags.walk.no_expressions},
                  {"parquet", std::ranges::find(flags.formats, "parquet") != flags.formats.end()}};
  return analyze_there(what, *inputs);
}

int analyze(const CLI::App& verb, const AnalyzeFlags& flags) {
  if (flags.there.wanted()) return analyze_on_server(verb, flags);
  if (!flags.person.empty())
    return report(
        Error{ErrorCode::wrong_use, "--person says whose video it is on a server: name that by --server", ""},
        flags.json);
  const Result<pipeline::WalkSettings> settings = settle(flags.walk);
  if (!settings) return report(settings.error(), flags.json);
  const Result<std::vector<Input>> inputs = resolve_inputs(flags.inputs, flags.out);
  if (!inputs) return report(inputs.error(), flags.json);
  if (inputs->size() > 1 && !flags.record.file.empty()) {
    return report(
        Error{ErrorCode::wrong_use, "--record takes one input: record each in a run of its own", ""},
        flags.json);
  }
  const Result<infer::ModelStore> models = open_models(flags.walk.place);
  if (!models) return report(models.error(), flags.json);
  Progress progress{flags.json                   ? Progress::Style::json
                    : isatty(STDERR_FILENO) != 0 ? Progress::Style::bar
                                                 : Progress::Style::lines};
  return Batch{flags, *settings, *models, progress}.run(*inputs);
}

}  // namespace

void add_analyze(CLI::App& app, Chosen& chosen) {
  CLI::App* verb = app.add_subcommand(
      "analyze", "Reads videos, streams or folders and writes a table row for every face in every frame");
  auto flags = std::make_shared<AnalyzeFlags>();
  verb->add_option("inputs", flags->inputs,
                   "Files, folders of videos or pictures, addresses, camera:0, or - for standard input")
      ->required();
  verb->add_option("--out", flags->out, "Folder for the results; several inputs get a folder each in it")
      ->capture_default_str();
  verb->add_option("--format", flags->formats, "csv, or csv,parquet")
      ->delimiter(',')
      ->check(CLI::IsMember({"csv", "parquet"}))
      ->capture_default_str();
  verb->add_flag("--json", flags->json, "Events as lines of JSON on standard output");
  add_walk_flags(*verb, flags->walk);
  add_record_flags(*verb, flags->record);
  add_server_flags(*verb, flags->there);
  verb->add_option("--person", flags->person,
                   "Whom it shows: an id or pseudonym; kept under that person's consent")
      ->group("Server");
  verb->footer(
      "Example: pyrometer analyze clip.mp4 --out results --format csv,parquet\n"
      "Example: pyrometer analyze clip.mp4 --out results --server https://pyrometer.example.org:8443");
  verb->callback([&chosen, flags, verb] { chosen = [flags, verb] { return analyze(*verb, *flags); }; });
}

}  // namespace pyro::cli
