#include "record_sink.hpp"

#include <spdlog/spdlog.h>

namespace pyro::cli {

void add_record_flags(CLI::App& verb, RecordFlags& flags) {
  verb.add_option("--record", flags.file,
                  "Record the video to FILE (.mkv, .mp4): only with the consent of everybody in view");
  verb.add_option("--record-style", flags.style, "annotated: with box, mesh and label; raw: as it came")
      ->check(CLI::IsMember({"annotated", "raw"}))
      ->capture_default_str();
}

RecordSink::RecordSink(capture::Recorder recorder, bool annotated) : recorder_(std::move(recorder)) {
  if (annotated) overlay_.emplace(overlay::OverlayOptions{});
}

Result<std::unique_ptr<RecordSink>> RecordSink::open(const RecordFlags& flags) {
  Result<capture::Recorder> recorder = capture::Recorder::open(flags.file);
  if (!recorder) return tl::make_unexpected(recorder.error());
  spdlog::warn(
      "consent: images of people are being recorded ({}) because --record was given; whoever gave it answers "
      "for the "
      "consent of everybody in view",
      flags.style);
  return std::unique_ptr<RecordSink>(new RecordSink(std::move(*recorder), flags.style == "annotated"));
}

Status RecordSink::take(const records::Frame& frame, std::span<const records::Observation> faces) {
  if (!overlay_) return recorder_.add(frame);
  const overlay::Picture picture = overlay_->draw_on_frame(frame, faces);
  return recorder_.add(picture.data, picture.width, picture.height, picture.stride_bytes, frame.time);
}

}  // namespace pyro::cli
