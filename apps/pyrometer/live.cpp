// live: a camera (or a file, or a stream) in a window, with what is read from each face. q quits.
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <thread>

#include "cli.hpp"
#include "pyro/face/one_euro.hpp"
#include "pyro/report/rows.hpp"
#include "record_sink.hpp"
#include "run_folder.hpp"
#include "window.hpp"

namespace pyro::cli {
namespace {

struct LiveFlags {
  std::string source = "camera:0";
  std::string out;
  bool headless = false, json = false, no_smoothing = false;
  WalkFlags walk;
  RecordFlags record;
};

// Keeps the newest frame for the window, and feeds the plot's history with every frame. What is drawn may be
// smoothed; what is logged and recorded never is.
class Stage : public pipeline::Sink {
 public:
  Stage(overlay::OverlayOptions options, bool smooth) : overlay_(std::move(options)), smooth_(smooth) {}

  Status take(const records::Frame& frame, std::span<const records::Observation> faces) override {
    const std::lock_guard lock{mutex_};
    frame_ = frame;
    faces_.assign(faces.begin(), faces.end());
    if (smooth_) {
      for (records::Observation& face : faces_) {
        if (face.face.face_id >= 0) smoother_.smooth(face.time, {&face.face, 1});
      }
    }
    overlay_.add(faces_);
    ++frames_;
    fresh_ = true;
    changed_.notify_one();
    return {};
  }

  // Draws the newest frame, if there is a new one within a moment. The picture is valid until the next call.
  std::optional<overlay::Picture> draw(std::chrono::milliseconds patience, overlay::StreamState state) {
    {
      std::unique_lock lock{mutex_};
      if (!changed_.wait_for(lock, patience, [this] { return fresh_; })) return std::nullopt;
      fresh_ = false;
      shown_frame_ = frame_;
      shown_faces_ = faces_;
      state.frames_per_second = rate();
    }
    // The history is only touched by add(); drawing holds the lock so that it stands still meanwhile.
    const std::lock_guard lock{mutex_};
    return overlay_.draw(shown_frame_, shown_faces_, state);
  }

 private:
  double rate() {
    const auto now = std::chrono::steady_clock::now();
    const double passed_s = std::chrono::duration<double>(now - since_).count();
    if (passed_s >= 1) {
      rate_ = static_cast<double>(frames_) / passed_s;
      frames_ = 0;
      since_ = now;
    }
    return rate_;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  overlay::Overlay overlay_;
  face::MeshSmoother smoother_;
  bool smooth_;
  records::Frame frame_, shown_frame_;
  std::vector<records::Observation> faces_, shown_faces_;
  bool fresh_ = false;
  std::int64_t frames_ = 0;
  double rate_ = 0;
  std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
};

// Without a window: one line a second and person, or JSON lines of every observation.
class Lines : public pipeline::Sink {
 public:
  explicit Lines(bool json) : json_(json) {}
  Status take(const records::Frame& frame, std::span<const records::Observation> faces) override {
    if (json_) {
      for (const records::Observation& face : faces) {
        line_.clear();
        report::append_json(line_, face);
        std::printf("%s\n", line_.c_str());
      }
      std::fflush(stdout);
      return {};
    }
    if (frame.time < next_) return {};
    next_ = Seconds{std::floor(frame.time.count()) + 1};
    for (const records::Observation& face : faces) {
      if (face.valid && face.expression.known()) {
        const auto label = static_cast<std::size_t>(face.expression.label());
        const std::string name{records::kEmotionNames[label]};
        std::printf("%8.1f s  person %d  %-8s %3.0f %%  score %+.2f  index %3.0f\n", frame.time.count(),
                    face.face.face_id + 1, name.c_str(),
                    100.0 * static_cast<double>(face.expression.p[label]), face.score.step, face.score.index);
      } else if (face.valid) {
        std::printf("%8.1f s  person %d  eyes %3.0f %% open  PERCLOS %.3f  %d blinks\n", frame.time.count(),
                    face.face.face_id + 1, 100.0 * static_cast<double>(face.fatigue.eye_openness),
                    static_cast<double>(face.fatigue.perclos), face.fatigue.blinks);
      } else {
        const std::string reason{records::name_of(face.face.quality.reason)};
        std::printf("%8.1f s  %s\n", frame.time.count(), reason.c_str());
      }
    }
    std::fflush(stdout);
    return {};
  }

 private:
  bool json_;
  Seconds next_{0};
  std::string line_;
};

// Every sink in turn; the first error ends it.
class Sinks : public pipeline::Sink {
 public:
  void add(pipeline::Sink* sink) { sinks_.push_back(sink); }
  Status take(const records::Frame& frame, std::span<const records::Observation> faces) override {
    for (pipeline::Sink* sink : sinks_) {
      if (Status taken = sink->take(frame, faces); !taken) return taken;
    }
    return {};
  }

 private:
  std::vector<pipeline::Sink*> sinks_;
};

int watch(const LiveFlags& flags) {
  const Result<pipeline::WalkSettings> settings = settle(flags.walk);
  if (!settings) return report(settings.error(), flags.json);
  const Result<infer::ModelStore> models = open_models(flags.walk.place);
  if (!models) return report(models.error(), flags.json);
  capture::SourceOptions source_options;
  source_options.realtime = true;
  Result<std::unique_ptr<capture::Source>> source = open_source(flags.source, source_options);
  if (!source) return report(source.error(), flags.json);
  Result<pipeline::Walk> walk = pipeline::Walk::create(*models, *settings);
  if (!walk) return report(walk.error(), flags.json);

  Sinks sinks;
  std::unique_ptr<RecordSink> recording;
  if (!flags.record.file.empty()) {
    Result<std::unique_ptr<RecordSink>> opened = RecordSink::open(flags.record);
    if (!opened) return report(opened.error(), flags.json);
    recording = std::move(*opened);
    sinks.add(recording.get());
  }
  std::unique_ptr<RunFolder> folder;
  if (!flags.out.empty()) {
    Result<std::unique_ptr<RunFolder>> opened =
        RunFolder::open(flags.out, false, (*source)->info(), *settings, *models);
    if (!opened) return report(opened.error(), flags.json);
    folder = std::move(*opened);
    sinks.add(folder.get());
  }
  const auto [low, high] = score::step_range(settings->score);
  overlay::OverlayOptions look;
  look.model_line = settings->expressions ? models->find(settings->expression_model)->reference() + " · " +
                                                flags.walk.score.profile
                                          : "fatigue only";
  look.score_min = low;
  look.score_max = high;
  Stage stage{look, !flags.no_smoothing};
  Lines lines{flags.json};
  std::optional<Window> window;
  if (flags.headless) {
    sinks.add(&lines);
  } else {
    Result<Window> opened =
        Window::open("Pyrometer: " + flags.source + " (q quits)", look.width, look.height);
    if (!opened) return report(opened.error(), flags.json);
    window.emplace(std::move(*opened));
    sinks.add(&stage);
  }

  std::stop_source stop;
  const std::stop_callback on_interrupt{interrupted(), [&stop] { stop.request_stop(); }};
  std::atomic<bool> over = false;
  Status ended;
  pipeline::WalkSummary summary;
  std::jthread walking{[&] {
    ended = walk->run(std::move(*source), sinks, stop.get_token(), summary);
    over = true;
  }};
  if (window) {
    overlay::StreamState state;
    state.recording = recording != nullptr;
    while (!over) {
      if (const std::optional<overlay::Picture> picture = stage.draw(std::chrono::milliseconds{30}, state))
        window->show(*picture);
      if (window->quit_wanted()) stop.request_stop();
    }
  }
  walking.join();
  if (recording) {
    if (Status closed = recording->close(); !closed && ended) ended = closed;
  }
  if (folder) {
    if (Status closed = folder->close(summary, ended); !closed && ended) ended = closed;
  }
  if (!ended) return report(ended.error(), flags.json);
  return interrupted().stop_requested() ? kExitInterrupted : 0;
}

}  // namespace

void add_live(CLI::App& app, Chosen& chosen) {
  CLI::App* verb = app.add_subcommand(
      "live", "Shows a camera, file or stream with all that is read from each face; q quits");
  auto flags = std::make_shared<LiveFlags>();
  verb->add_option("--source", flags->source, "camera:0, a file, or an address (rtsp://, http://)")
      ->capture_default_str();
  verb->add_option("--out", flags->out, "Also write frames.csv and session files to this folder");
  verb->add_flag("--headless", flags->headless, "No window: a line a second and person on standard output");
  verb->add_flag("--json", flags->json, "With --headless: every observation as a line of JSON");
  verb->add_flag("--no-smoothing", flags->no_smoothing,
                 "Draw the mesh as it is found, without the one-euro filter");
  add_walk_flags(*verb, flags->walk);
  add_record_flags(*verb, flags->record);
  verb->footer("Example: pyrometer live --source clip.mp4");
  verb->callback([&chosen, flags] { chosen = [flags] { return watch(*flags); }; });
}

}  // namespace pyro::cli
