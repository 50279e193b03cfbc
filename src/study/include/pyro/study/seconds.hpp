// One person's session second by second: what a study keeps of a recording, small enough to go over ten
// thousand of them, and enough to give every session figure again.
//
// Each second holds count, mean and sum of squared distances from it, which merge without loss (Chan, Golub &
// LeVeque 1979): of S_t in double, so that S and V of any stretch of seconds equal the formula over its
// frames to 1e-9; of the signals in float, which their own precision does not exceed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/base/time.hpp"
#include "pyro/score/moments.hpp"
#include "pyro/score/settings.hpp"
#include "pyro/study/signals.hpp"

namespace pyro::study {

// What is known of the session as a whole.
struct SessionFacts {
  std::string input;             // as the recording named its source
  std::string models, settings;  // "name version; …", score::settings_text
  std::int64_t face_id = 0;
  std::optional<UtcTime> start;  // wall clock at second 0
  double duration_s = 0;         // from the first to the last row of the recording, whoever was in it
  std::int64_t frames = 0;       // of the recording
  std::int64_t rows = 0;         // with this person
  std::int64_t valid = 0;        // of these, rows whose face could be read
  std::map<std::string, std::int64_t>
      gap_reasons;        // frames of the recording that are not valid; "not_seen": no row
  std::int64_t gaps = 0;  // stretches of more than report::kLongestStep without a valid row
  double gap_s = 0, longest_gap_s = 0;
  std::int64_t blinks = 0, yawns = 0, nods = 0;
  double eyes_seen_s = 0, eyes_closed_s = 0;
  bool simulated = false;  // made by study simulate: no person was recorded
};

struct ScoreSecond {
  std::uint32_t count = 0;  // frames with a score
  double mean = 0, squares = 0;
  double min = std::numeric_limits<double>::infinity(), max = -min;
};

struct SignalSeconds {
  std::vector<std::uint32_t> count;  // one a second; all of one length
  std::vector<float> mean, squares;
};

struct SessionSeconds {
  SessionFacts facts;
  std::vector<std::int32_t>
      second;  // from the start; rising; seconds without a row of this person are absent
  std::vector<ScoreSecond> score;
  std::vector<SignalSeconds> signals;  // kSignals of them

  [[nodiscard]] std::size_t size() const { return second.size(); }
  [[nodiscard]] score::Moments score_moments(std::size_t i) const {
    const ScoreSecond& one = score[i];
    return {one.count, one.mean, 0, one.squares};
  }
};

struct RunSource {
  std::filesystem::path run;            // a run's folder, or a frames.csv
  std::optional<std::int64_t> face_id;  // needed where more than one person is in it
  std::optional<UtcTime> start;         // when it began, where that is known better than its utc column
};

// The session in a run, scored by `settings`. Errors (bad_input): those of RunRows; nobody, or more than one
// person where none was named (they are listed), or not the named one.
[[nodiscard]] Result<SessionSeconds> read_session(const RunSource& source,
                                                  const score::ScoreSettings& settings);

// The file format is described in docs/study.md. Errors: failed; reading: bad_input for what is no such file,
// cut, or inconsistent, whatever its bytes.
[[nodiscard]] Status write_seconds(const SessionSeconds& session, const std::filesystem::path& file);
// `into` keeps its memory from call to call.
[[nodiscard]] Status read_seconds(const std::filesystem::path& file, SessionSeconds& into);

}  // namespace pyro::study
