#include "pyro/report/run_files.hpp"

#include <chrono>
#include <fstream>
#include <optional>
#include <system_error>

#include "pyro/base/clock.hpp"
#include "pyro/base/files.hpp"
#include "pyro/records/notice.hpp"
#include "pyro/report/output_file.hpp"
#include "pyro/report/parquet_writer.hpp"
#include "pyro/report/rows.hpp"
#include "session_json.hpp"

namespace pyro::report {
namespace {

using Clock = std::chrono::steady_clock;

// Whether a file may be replaced: it is missing, empty, or begins as ours do.
bool replaceable(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  constexpr std::string_view kBegin = "frame,time_s,";
  std::string begin(kBegin.size(), '\0');
  file.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  return file.gcount() == 0 || begin == kBegin;
}

Status prepare(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!std::filesystem::is_directory(folder)) {
    return failed("cannot create the folder " + folder.string() +
                      ": check its name and permissions, or choose another with --out",
                  error ? error.message() : "a file of that name is there");
  }
  if (!replaceable(folder / "frames.csv")) {
    return wrong_use((folder / "frames.csv").string() +
                     " is not a file of Pyrometer's; move it away or choose another folder with --out");
  }
  return {};
}

}  // namespace

struct RunFiles::Impl {
  Impl(std::filesystem::path where, Provenance about, OutputFile csv, Seconds every)
      : folder(std::move(where)),
        provenance(std::move(about)),
        frames_csv(std::move(csv)),
        table(provenance.score, provenance.models_text(), provenance.settings_hash()),
        refresh(std::chrono::duration_cast<Clock::duration>(every)) {
    text.reserve(std::size_t{1} << 16);
  }

  Status write_session() {
    refreshed = Clock::now();
    progress.written = utc_now();
    if (Status done = replace_file(folder / "session.json", session_json(provenance, table, progress)); !done)
      return done;
    std::string csv;
    append_csv_header(csv, session_columns());
    for (const PersonSummary& person : table.persons()) append_csv(csv, session_columns(), person);
    return replace_file(folder / "session.csv", csv);
  }

  std::filesystem::path folder;
  Provenance provenance;
  OutputFile frames_csv;
  std::optional<ParquetWriter> parquet;
  SessionTable table;
  RunProgress progress;
  Clock::duration refresh;
  Clock::time_point refreshed;
  std::string text;
};

RunFiles::RunFiles(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RunFiles::~RunFiles() = default;
RunFiles::RunFiles(RunFiles&&) noexcept = default;
RunFiles& RunFiles::operator=(RunFiles&&) noexcept = default;

Result<RunFiles> RunFiles::create(const std::filesystem::path& folder, const Provenance& provenance,
                                  const RunFilesOptions& options) {
  if (Status ready = prepare(folder); !ready) return tl::make_unexpected(ready.error());
  Result<OutputFile> csv = OutputFile::create(folder / "frames.csv");
  if (!csv) return tl::make_unexpected(csv.error());
  auto impl = std::make_unique<Impl>(folder, provenance, std::move(*csv), options.refresh);

  append_csv_header(impl->text, frame_columns());
  Status begun = impl->frames_csv.write(impl->text);
  // A Parquet file of an earlier run would pass for this one's.
  std::error_code ignored;
  for (const char* stale : {"frames.parquet", "frames.parquet.part"})
    std::filesystem::remove(folder / stale, ignored);
  if (begun && options.parquet) {
    Result<ParquetWriter> parquet = ParquetWriter::create(
        folder / "frames.parquet", {{"pyrometer.version", provenance.software_version},
                                    {"pyrometer.notice", records::kNotice},
                                    {"pyrometer.models", provenance.models_text()},
                                    {"pyrometer.settings", provenance.settings_text()}});
    if (!parquet) return tl::make_unexpected(parquet.error());
    impl->parquet.emplace(std::move(*parquet));
  }
  if (begun) begun = impl->write_session();
  if (!begun) return tl::make_unexpected(begun.error());
  return RunFiles{std::move(impl)};
}

Status RunFiles::append(std::span<const records::Observation> frame) {
  Impl& run = *impl_;
  run.text.clear();
  for (const records::Observation& row : frame) append_csv(run.text, frame_columns(), row);
  if (Status written = run.frames_csv.write(run.text); !written) return written;
  for (const records::Observation& row : frame) {
    run.table.add(row);
    if (!run.parquet) continue;
    if (Status written = run.parquet->append(row); !written) return written;
  }
  if (Clock::now() - run.refreshed < run.refresh) return {};
  return run.write_session();
}

void RunFiles::note_dropped(std::int64_t frames) {
  impl_->progress.dropped_frames = frames;
}

Status RunFiles::finish(RunState state, const std::string& error) {
  Impl& run = *impl_;
  run.progress.state = state;
  run.progress.error = error;
  // Each file is completed even when another cannot be; the first error is told.
  Status done = run.frames_csv.close();
  if (run.parquet) {
    if (Status closed = run.parquet->finish(); !closed && done) done = closed;
  }
  if (Status written = run.write_session(); !written && done) done = written;
  return done;
}

const SessionTable& RunFiles::session() const {
  return impl_->table;
}

}  // namespace pyro::report
