// The kind "explain": where in a face the network sees a class, or what moved a session's score.
#include <memory>
#include <sstream>

#include "../explain/explain_face.hpp"
#include "../report_pages.hpp"
#include "job_data.hpp"
#include "job_kinds.hpp"
#include "pyro/archive/segments.hpp"
#include "pyro/archive/tables.hpp"
#include "pyro/base/files.hpp"
#include "pyro/base/notice.hpp"
#include "pyro/explain/session_report.hpp"
#include "pyro/jobs/media.hpp"
#include "pyro/pipeline/stills.hpp"

namespace pyro::cli {
namespace {

using jobs::Json;

Result<Json> explain_kept_session(const jobs::Task& task, store::Database& database,
                                  const std::string& session) {
  std::string csv;
  explain::SessionSource source;
  const Status read = database.read([&](store::Connection& in) -> Status {
    const auto row = archive::find(in, archive::kSession, session);
    if (!row) return tl::make_unexpected(row.error());
    if (!*row || (**row)["person"] != *task.lease.person)
      return bad_input("This person has no such session any more.");
    if ((**row)["model"].is_string()) source.models = (**row)["model"];
    Result<std::string> kept = archive::session_csv(in, session);
    if (!kept) return tl::make_unexpected(kept.error());
    csv = std::move(*kept);
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  if (csv.empty()) return bad_input("Nothing was kept of this session.");
  source.name = "session " + session;
  source.length = Seconds{options_of(task).value("step_s", explain::kMinute.count())};
  task.progress(0.3);
  auto frames = report::FramesReader::read(std::make_unique<std::istringstream>(std::move(csv)), source.name);
  if (!frames) return tl::make_unexpected(frames.error());
  const auto stories = explain::explain_recorded(*frames, source.settings, source.length);
  if (!stories) return tl::make_unexpected(stories.error());
  Json people = Json::array();
  for (const explain::PersonStory& story : *stories)
    people.push_back(Json::parse(explain::to_json(story, source).dump()));
  if (Status kept = write_json(task, "explanation.json", people); !kept)
    return tl::make_unexpected(kept.error());
  const PageFlags pages{(task.output / "explanation.html").string(),
                        (task.output / "explanation.pdf").string()};
  if (Status kept = write_report(explain::session_page(*stories, source), pages); !kept)
    return tl::make_unexpected(kept.error());
  return Json{{"people", people.size()}, {"notice", kNotice}};
}

// The kept picture as a file of this job.
Result<std::filesystem::path> capture_file(const jobs::Task& task, store::Database& database,
                                           const std::string& capture) {
  std::optional<store::Blob> image;
  const Status read = database.read([&](store::Connection& in) -> Status {
    const auto row = archive::find(in, archive::kCapture, capture);
    if (!row) return tl::make_unexpected(row.error());
    if (!*row || (**row)["person"] != *task.lease.person)
      return bad_input("This person has no such picture any more.");
    auto bytes = archive::bytes_of(in, archive::kCapture, capture, "image");
    if (!bytes) return tl::make_unexpected(bytes.error());
    image = std::move(*bytes);
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  if (!image) return bad_input("The picture itself is no longer kept.");
  std::filesystem::path file =
      std::filesystem::path("input") / ("capture" + std::string{jobs::media_of(image->bytes).extension});
  if (Status kept = replace_file(file, image->bytes); !kept) return tl::make_unexpected(kept.error());
  return file;
}

// The video of a session that was running at that time of it, as a file of this job, and where in it the time
// is.
struct Moment {
  std::filesystem::path file;
  Seconds at{0};
};
Result<Moment> session_moment(const jobs::Task& task, const JobBench& bench, const std::string& session,
                              double at_s) {
  std::string video, media;
  std::int64_t bytes = 0;
  double begins_s = 0;
  std::vector<jobs::VideoPiece> pieces;
  const Status read = bench.database.read([&](store::Connection& in) -> Status {
    // Of several the last that began before it.
    const auto rows = in.query(
        "SELECT id, media, bytes, at_s FROM video WHERE session = $1 AND person = $2 AND bytes > 0 AND at_s "
        "IS NOT NULL AND "
        "at_s <= $3 ORDER BY at_s DESC LIMIT 1",
        session, *task.lease.person, at_s);
    if (!rows) return tl::make_unexpected(rows.error());
    if (rows->empty())
      return bad_input(
          "No video of this session was kept at that time, or none that says where in the session it "
          "begins.");
    video = std::get<std::string>(rows->front()[0]);
    media = std::get<std::string>(rows->front()[1]);
    bytes = std::get<std::int64_t>(rows->front()[2]);
    begins_s = std::get<double>(rows->front()[3]);
    auto all = jobs::pieces_of(in, video);
    if (!all) return tl::make_unexpected(all.error());
    pieces = std::move(*all);
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  Moment out{std::filesystem::path("input") / (media == "video/mp4" ? "session.mp4" : "session.webm"),
             Seconds{at_s - begins_s}};
  if (Status opened = bench.recordings.unseal(video, pieces, 0, bytes, out.file); !opened)
    return tl::make_unexpected(opened.error());
  return out;
}

Result<Json> explain_pictures(const jobs::Task& task, const JobBench& bench, const infer::ModelStore& models,
                              const std::vector<std::filesystem::path>& pictures, Seconds at = Seconds{0}) {
  const Json options = options_of(task);
  Result<pipeline::WalkSettings> settings = settings_of(task, bench.settings, models);
  if (!settings) return tl::make_unexpected(settings.error());
  if (!settings->expressions)
    return bad_input("This site shows fatigue and surveys only: there is no expression to explain.");
  settings->expressions = false;  // the class maps' network says them too
  settings->faces.max_faces = 16;
  auto reader = pipeline::StillReader::create(models, *settings, options.value("cropped", false));
  if (!reader) return tl::make_unexpected(reader.error());
  auto net =
      signals::ClassMapNet::create(models, settings->expression_model, settings->head, settings->precision);
  if (!net) return tl::make_unexpected(net.error());
  Explainer by{std::move(*net),
               models.find(settings->expression_model)->reference(),
               options.value("head", "product"),
               options.value("class", ""),
               {}};
  by.options.random = options.value("random", by.options.random);
  by.options.seed = options.value("seed", by.options.seed);
  std::vector<explain::FaceExplanation> all;
  Json skipped = Json::array(), faces_json = Json::array();
  for (std::size_t i = 0; i < pictures.size() && !task.stop.stop_requested(); ++i) {
    const std::string name = pictures[i].filename().string();
    const auto faces = reader->read(pictures[i].string(), at);
    if (!faces) return bad_input(name + ": " + faces.error().message);
    int number = 0;
    for (const pipeline::StillFace& face : *faces) {
      ++number;
      if (!face.crop) {
        skipped.push_back(
            {{"picture", name}, {"face", number}, {"reason", records::name_of(face.mesh.quality.reason)}});
        continue;
      }
      Result<explain::FaceExplanation> explained = explain_face(by, name, number, *face.crop);
      if (!explained) return tl::make_unexpected(explained.error());
      faces_json.push_back(Json::parse(explain::to_json(*explained).dump()));
      all.push_back(std::move(*explained));
    }
    if (number == 0) skipped.push_back({{"picture", name}, {"face", nullptr}, {"reason", "no_face"}});
    task.progress(static_cast<double>(i + 1) / static_cast<double>(pictures.size()));
  }
  if (all.empty() && !task.stop.stop_requested())
    return bad_input("No usable face was found, so there is nothing to explain.");
  if (Status kept = write_json(task, "explanation.json", faces_json); !kept)
    return tl::make_unexpected(kept.error());
  if (Status kept = explain::write_pictures(all, task.output.string()); !kept)
    return tl::make_unexpected(kept.error());
  return Json{{"faces", all.size()}, {"skipped", skipped}, {"model", by.model}, {"notice", kNotice}};
}

}  // namespace

Result<Json> explain_job(const jobs::Task& task, const JobBench& bench, const infer::ModelStore& models) {
  const Json& request = task.lease.request;
  if (request.contains("at_s")) {
    const auto moment = session_moment(task, bench, request.at("session"), request["at_s"]);
    if (!moment) return tl::make_unexpected(moment.error());
    return explain_pictures(task, bench, models, {moment->file}, moment->at);
  }
  if (request.contains("session")) return explain_kept_session(task, bench.database, request["session"]);
  if (!request.contains("capture")) return explain_pictures(task, bench, models, task.inputs);
  const auto file = capture_file(task, bench.database, request["capture"]);
  if (!file) return tl::make_unexpected(file.error());
  return explain_pictures(task, bench, models, {*file});
}

}  // namespace pyro::cli
