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

// Writes the CSV that docs/study.md describes. `threads` sessions are in memory at a time, whatever their
// number; rows stand in the order of sessions.csv for any number of threads. Errors: those of read_seconds,
// naming the session; failed, not writable.
[[nodiscard]] Result<TableResult> write_session_table(const Study& study, const std::filesystem::path& csv,
                                                      int threads);

}  // namespace pyro::study
