#include <algorithm>
#include <nlohmann/json.hpp>

#include "../run_folder.hpp"
#include "job_data.hpp"
#include "job_kinds.hpp"
#include "pyro/base/notice.hpp"
#include "pyro/capture/source.hpp"
#include "pyro/jobs/media.hpp"
#include "pyro/jobs/unpack.hpp"

namespace pyro::cli {
namespace {

namespace fs = std::filesystem;
using jobs::Json;

struct JobInput {
  fs::path source;
  std::string name;  // of its result files; empty: there is only one input
};

class JobSink : public pipeline::Sink {
 public:
  JobSink(RunFolder& folder, const capture::SourceInfo& info, std::function<void(double)> progress)
      : folder_(folder),
        frames_(static_cast<double>(info.frame_count_hint.value_or(0))),
        seconds_(info.duration.value_or(Seconds{0}).count()),
        progress_(std::move(progress)) {}
  Status take(const records::Frame& frame, std::span<const records::Observation> faces) override {
    seen_ += 1;
    if (frames_ > 0) {
      progress_(std::min(1.0, seen_ / frames_));
    } else if (seconds_ > 0) {
      progress_(std::min(1.0, frame.time.count() / seconds_));
    }
    return folder_.take(frame, faces);
  }

 private:
  RunFolder& folder_;
  double frames_, seconds_, seen_ = 0;
  std::function<void(double)> progress_;
};

Result<std::vector<JobInput>> inputs_of(const jobs::Task& task, std::int64_t& skipped) {
  if (task.inputs.empty()) return bad_input("There is nothing to analyse.");
  // Several uploads are pictures: the API takes nothing else together.
  if (task.inputs.size() > 1) return std::vector{JobInput{task.inputs.front().parent_path(), ""}};
  const Result<jobs::Media> media = jobs::media_of_file(task.inputs.front());
  if (!media) return tl::make_unexpected(media.error());
  if (media->kind == jobs::MediaKind::table) return bad_input("There is no picture and no video in a table.");
  if (media->kind != jobs::MediaKind::archive) return std::vector{JobInput{task.inputs.front(), ""}};
  const Result<jobs::Unpacked> unpacked = jobs::unpack(task.inputs.front(), "unpacked");
  if (!unpacked) return tl::make_unexpected(unpacked.error());
  skipped = unpacked->skipped;
  std::error_code ignored;
  fs::remove(task.inputs.front(), ignored);  // its room on the disk may be needed
  std::vector<JobInput> out;
  for (const auto& one : fs::directory_iterator("unpacked/videos", ignored))
    out.push_back({one.path(), one.path().stem().string()});
  std::ranges::sort(out, {}, &JobInput::name);
  if (unpacked->pictures > 0) out.push_back({"unpacked/pictures", "pictures"});
  if (out.size() == 1) out.front().name.clear();
  return out;
}

// What analyze writes, each name with its input's before it where there are several.
Status put_out(const fs::path& run, const jobs::Task& task, const std::string& name) {
  for (const char* file : {"frames.csv", "session.csv", "session.json", "frames.parquet"}) {
    std::error_code error;
    if (!fs::exists(run / file, error)) continue;
    fs::rename(run / file, task.output / (name.empty() ? file : name + "." + file), error);
    if (error) return failed("a result cannot be moved", error.message());
  }
  return {};
}

}  // namespace

Result<Json> analyze_job(const jobs::Task& task, const pipeline::WalkSettings& base,
                         const infer::ModelStore& models) {
  const Result<pipeline::WalkSettings> chosen = settings_of(task, base, models);
  if (!chosen) return tl::make_unexpected(chosen.error());
  const pipeline::WalkSettings& settings = *chosen;
  std::int64_t skipped = 0;
  const Result<std::vector<JobInput>> inputs = inputs_of(task, skipped);
  if (!inputs) return tl::make_unexpected(inputs.error());
  Result<pipeline::Walk> walk = pipeline::Walk::create(models, settings);
  if (!walk) return tl::make_unexpected(walk.error());
  const bool parquet = options_of(task).value("parquet", false);

  Json told = Json::array();
  std::int64_t frames = 0;
  std::string first_fault;
  const double share = 1.0 / static_cast<double>(inputs->size());
  for (std::size_t i = 0; i < inputs->size() && !task.stop.stop_requested(); ++i) {
    const JobInput& input = (*inputs)[i];
    const fs::path run = task.folder / ("run" + std::to_string(i));
    pipeline::WalkSummary summary;
    const auto one = [&]() -> Status {
      // Not open_source: a signal would end it as if the file had ended, and half of it would count as all.
      Result<std::unique_ptr<capture::Source>> source = capture::open(input.source.string());
      if (!source) return tl::make_unexpected(source.error());
      Result<std::unique_ptr<RunFolder>> folder =
          RunFolder::open(run, parquet, (*source)->info(), settings, models);
      if (!folder) return tl::make_unexpected(folder.error());
      JobSink sink{**folder, (*source)->info(),
                   [&](double part) { task.progress(share * (static_cast<double>(i) + part)); }};
      Status ended = walk->run(std::move(*source), sink, task.stop, summary);
      if (Status closed = (*folder)->close(summary, ended); !closed && ended) ended = closed;
      return ended;
    };
    const Status ended = one();
    if (!ended && ended.error().code == ErrorCode::failed) return tl::make_unexpected(ended.error());
    if (!ended && first_fault.empty()) first_fault = ended.error().message;
    Json about{{"input", input.name.empty() ? input.source.filename().string() : input.name},
               {"frames", summary.frames},
               {"faces", summary.faces},
               {"valid_faces", summary.valid_faces},
               {"seconds", summary.last_time.count()}};
    // Damaged behind some frame: what came before it counts, and is told to be not all.
    if (!ended) about["fault"] = ended.error().message;
    told.push_back(std::move(about));
    frames += summary.frames;
    if (summary.frames > 0) {
      if (Status put = put_out(run, task, input.name); !put) return tl::make_unexpected(put.error());
    }
    task.progress(share * static_cast<double>(i + 1));
  }
  if (frames == 0 && !task.stop.stop_requested())
    return bad_input(first_fault.empty() ? "No frame could be read." : first_fault);
  return Json{{"inputs", told},
              {"frames", frames},
              {"skipped", skipped},
              {"expressions", settings.expressions},
              {"notice", kNotice}};
}

}  // namespace pyro::cli
