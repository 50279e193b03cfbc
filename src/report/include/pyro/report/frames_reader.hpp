// Reads a frames.csv again, ours or anybody's with the seven probabilities in it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <istream>
#include <memory>
#include <optional>
#include <string>

#include "pyro/base/result.hpp"
#include "pyro/records/observation.hpp"
#include "pyro/report/session_table.hpp"
#include "pyro/score/scorer.hpp"

namespace pyro::report {

// What a row says of what session and score are made of; other columns are passed over.
struct RecordedFrame {
  std::int64_t line = 0;  // 1-based, the header's is 1; of the row's first line
  // frame, time, utc, face.face_id, valid, face.quality.reason and fatigue, as far as the file has them.
  records::Observation seen;
  // As written, in double. Not numbers where the row has none.
  score::Probabilities p{};
};

// CSV as RFC 4180 with \n or \r\n, a byte order mark passed over. Columns are found by name, in any order.
// Needed: the seven of kEmotionNames. Without time_s every row counts as 1/25 s after the one before; without
// face_id all rows are person 0; without valid a row is valid that has probabilities; without frame rows are
// counted.
//
// Any bytes are safe to read. Errors (bad_input) name the file, line and column: not a number, a probability
// outside 0..1, seven that miss 1 by more than 0.01, some of the seven missing, a time that goes back, a row
// longer than 1 MiB or with another number of cells than the header. After an error, next() must not be
// called again.
class FramesReader {
 public:
  static Result<FramesReader> open(const std::filesystem::path& path);
  // `name` stands for the input in errors.
  static Result<FramesReader> read(std::unique_ptr<std::istream> input, std::string name);
  ~FramesReader();
  FramesReader(FramesReader&&) noexcept;
  FramesReader& operator=(FramesReader&&) noexcept;

  // False: the file has ended and `out` is unchanged.
  Result<bool> next(RecordedFrame& out);

 private:
  struct Impl;
  explicit FramesReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// The formulas on what was recorded alone: the session of each person, as in session.csv.
[[nodiscard]] Result<SessionTable> score_recorded(FramesReader& frames, const score::ScoreSettings& settings);

// The baseline of a person in an earlier run's session.json (extended profile), for
// ScoreSettings::known_baseline. Errors (bad_input): unreadable, not a session.json, nobody in it has a
// baseline or, when face_id is empty, more than one has.
[[nodiscard]] Result<score::Baseline> read_baseline(const std::filesystem::path& session_json,
                                                    std::optional<std::int64_t> face_id = {});

}  // namespace pyro::report
