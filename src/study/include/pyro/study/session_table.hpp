// The table of a study's sessions: a row a session with everything it comes to, streamed.
#pragma once

#include <filesystem>

#include "pyro/study/aggregate.hpp"
#include "pyro/study/library.hpp"

namespace pyro::study {

struct TableResult {
  std::int64_t sessions = 0, seconds = 0;
  std::vector<std::string> warnings;  // sessions that cannot be compared, each said once
};

// Survey scores beside the sessions: of each named instrument the person's answer that is nearest in time to
// the session's start, if it is within so many days of it. Of each scale the columns
// survey_<instrument>_<scale> and survey_<instrument>_<scale>_percent, and survey_<instrument>_days: how long
// after the session it was given (below 0: before).
struct SurveyColumns {
  std::vector<std::string> instruments;
  double within_days = 7;
};

[[nodiscard]] std::string column_of(const std::string& instrument, const std::string& scale);

// Writes the CSV that docs/study.md describes. `threads` sessions are in memory at a time, whatever their
// number; rows stand in the order of sessions.csv for any number of threads. Errors: those of read_seconds,
// naming the session; bad_input, no answer of an instrument is in the study; failed, not writable.
[[nodiscard]] Result<TableResult> write_session_table(const Study& study, const std::filesystem::path& csv,
                                                      int threads, const SurveyColumns& surveys = {});

}  // namespace pyro::study
