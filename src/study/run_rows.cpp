#include "pyro/study/run_rows.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>

#include "pyro/base/csv_records.hpp"

namespace pyro::study {

// report::FramesReader checks a row and knows what the score is made of; the other columns are read beside
// it, row by row, from the same file.
struct RunRows::Impl {
  Impl(report::FramesReader checked, CsvRecords plain, RunRowsOptions how)
      : frames(std::move(checked)), records(std::move(plain)), options(how) {
    where.fill(-1);
  }

  [[nodiscard]] tl::unexpected<Error> wrong(std::int64_t line, const std::string& what) const {
    return bad_input(records.name() + " line " + std::to_string(line) + ": " + what);
  }
  Status read_signals(RunRow& out);
  Status check_clock(const RunRow& row);

  report::FramesReader frames;
  CsvRecords records;
  RunRowsOptions options;
  std::array<int, kSignals> where{};  // the cell of each signal; -1: the file does not have it
  std::int64_t rows = 0;
  std::optional<UtcTime> start;
};

Status RunRows::Impl::read_signals(RunRow& out) {
  for (std::size_t i = 0; i < kSignals; ++i) {
    float& value = out.signals[i];
    value = records::kNoValue;
    if (where[i] < 0 || static_cast<std::size_t>(where[i]) >= records.cells().size()) continue;
    const std::string_view cell = records.cells()[static_cast<std::size_t>(where[i])];
    if (cell.empty()) continue;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error == std::errc::result_out_of_range) {
      value = records::kNoValue;
    } else if (error != std::errc{} || end != cell.data() + cell.size() || std::isinf(value)) {
      return wrong(records.line(), "column " + signal_name(i) + " is not a number");
    }
  }
  return {};
}

Status RunRows::Impl::check_clock(const RunRow& row) {
  const records::Observation& seen = row.frame.seen;
  if (seen.time < Seconds{0} || seen.time > kLongestRun)
    return wrong(row.frame.line, "time_s is " + std::to_string(seen.time.count()) +
                                     "; it counts seconds from the start of one recording");
  if (options.ignore_utc || seen.utc == UtcTime{}) return {};
  const UtcTime began = seen.utc - std::chrono::duration_cast<std::chrono::microseconds>(seen.time);
  if (!start) start = began;
  if (const Seconds drift = began - *start; Seconds{std::abs(drift.count())} > kMostClockDrift)
    return wrong(row.frame.line, "the wall clock (utc) has jumped by " + std::to_string(drift.count()) +
                                     " s against time_s; say when the recording began with --start, then utc "
                                     "is not read");
  return {};
}

RunRows::RunRows(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RunRows::~RunRows() = default;
RunRows::RunRows(RunRows&&) noexcept = default;
RunRows& RunRows::operator=(RunRows&&) noexcept = default;

Result<RunRows> RunRows::open(const std::filesystem::path& frames_csv, const RunRowsOptions& options) {
  Result<report::FramesReader> frames = report::FramesReader::open(frames_csv);
  if (!frames) return tl::make_unexpected(frames.error());
  auto impl = std::make_unique<Impl>(
      std::move(*frames),
      CsvRecords{std::make_unique<std::ifstream>(frames_csv, std::ios::binary), frames_csv.string()},
      options);
  if (const Result<bool> header = impl->records.next(); !header) return tl::make_unexpected(header.error());
  const auto& cells = impl->records.cells();
  for (std::size_t i = 0; i < kSignals; ++i) {
    const auto found = std::ranges::find(cells, signal_name(i));
    if (found != cells.end()) impl->where[i] = static_cast<int>(found - cells.begin());
  }
  return RunRows{std::move(impl)};
}

Result<bool> RunRows::next(RunRow& out) {
  Impl& run = *impl_;
  Result<bool> more = run.frames.next(out.frame);
  if (!more) return more;
  if (!*more) {
    if (run.rows == 0)
      return bad_input(run.records.name() + " has a header and no rows: nothing was recorded");
    return false;
  }
  ++run.rows;
  if (const Result<bool> same = run.records.next(); !same) return same;
  if (const Status read = run.read_signals(out); !read) return tl::make_unexpected(read.error());
  if (const Status good = run.check_clock(out); !good) return tl::make_unexpected(good.error());
  return true;
}

std::optional<UtcTime> RunRows::start() const {
  return impl_->start;
}

}  // namespace pyro::study
