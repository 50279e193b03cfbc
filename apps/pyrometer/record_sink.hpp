// Records what a walk sees to a video file, because somebody asked for it by --record.
#pragma once

#include <optional>

#include "cli.hpp"
#include "pyro/capture/recorder.hpp"
#include "pyro/overlay/overlay.hpp"

namespace pyro::cli {

struct RecordFlags {
  std::string file;                 // empty: nothing is recorded
  std::string style = "annotated";  // or raw
};
void add_record_flags(CLI::App& verb, RecordFlags& flags);

class RecordSink : public pipeline::Sink {
 public:
  // Logs the consent line.
  [[nodiscard]] static Result<std::unique_ptr<RecordSink>> open(const RecordFlags& flags);
  Status take(const records::Frame& frame, std::span<const records::Observation> faces) override;
  Status close() { return recorder_.close(); }

 private:
  RecordSink(capture::Recorder recorder, bool annotated);
  capture::Recorder recorder_;
  std::optional<overlay::Overlay> overlay_;
};

}  // namespace pyro::cli
