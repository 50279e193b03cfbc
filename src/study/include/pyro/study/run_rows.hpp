// The rows of one run's frames.csv with everything in them that a study uses, checked.
#pragma once

#include <array>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>

#include "pyro/base/result.hpp"
#include "pyro/report/frames_reader.hpp"
#include "pyro/study/signals.hpp"

namespace pyro::study {

struct RunRow {
  report::RecordedFrame frame;
  std::array<float, kSignals> signals{};  // not a number where the row has none
};

struct RunRowsOptions {
  // The utc column is not looked at: the recording's start is known from elsewhere.
  bool ignore_utc = false;
};
// The wall clock may be corrected a little while a recording runs; more is a jump.
inline constexpr Seconds kMostClockDrift{2};
inline constexpr Seconds kLongestRun{7 * 86400.0};

// Errors are those of report::FramesReader (a time_s that goes back, text for a number, a cut file …), and
// (bad_input, naming the line): a utc that jumps by more than kMostClockDrift against time_s, a time_s below
// 0 or beyond kLongestRun, no row at all.
class RunRows {
 public:
  static Result<RunRows> open(const std::filesystem::path& frames_csv, const RunRowsOptions& options = {});
  ~RunRows();
  RunRows(RunRows&&) noexcept;
  RunRows& operator=(RunRows&&) noexcept;

  // False: the file has ended.
  Result<bool> next(RunRow& out);
  // Wall clock at time_s = 0, from the first row with a utc so far; none where the file has none.
  [[nodiscard]] std::optional<UtcTime> start() const;

 private:
  struct Impl;
  explicit RunRows(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pyro::study
