// The files of one run in one folder: frames.csv, session.csv, session.json and, when asked for,
// frames.parquet. docs/formats.md describes them.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "pyro/base/result.hpp"
#include "pyro/records/observation.hpp"
#include "pyro/report/provenance.hpp"
#include "pyro/report/session_table.hpp"

namespace pyro::report {

struct RunFilesOptions {
  bool parquet = false;  // frames.parquet beside frames.csv, which is always written
  Seconds refresh{1};    // how often session.csv and session.json are replaced while the run goes on
};

// One frame is one write: when append() has returned, its rows survive a kill. frames.parquet appears only
// when finish() has been called (until then it is frames.parquet.part, which nobody can read: a Parquet file
// has its index at its end), so after a kill frames.csv is the record. Not thread-safe.
class RunFiles {
 public:
  // Creates the folder where it is missing. Files of an earlier run in it are replaced, so that the same
  // command can be given again; a frames.csv that is not ours is refused (wrong_use). Errors (failed):
  // nothing can be written there, or another run is writing there.
  static Result<RunFiles> create(const std::filesystem::path& folder, const Provenance& provenance,
                                 const RunFilesOptions& options = {});
  // Without finish(): the session files are left as they were last replaced, state "running".
  ~RunFiles();
  RunFiles(RunFiles&&) noexcept;
  RunFiles& operator=(RunFiles&&) noexcept;

  // The rows of one frame. Errors (failed): the disk is full or gone; what was appended before is kept.
  Status append(std::span<const records::Observation> frame);
  void note_dropped(std::int64_t frames);  // frames that a live source had to drop so far
  // Completes all files. `error` is what ended the run, when state is failed.
  Status finish(RunState state, const std::string& error = {});

  [[nodiscard]] const SessionTable& session() const;

 private:
  struct Impl;
  explicit RunFiles(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pyro::report
