// A run's folder as a sink: what report writes, with the facts that only the program knows.
#pragma once

#include <filesystem>
#include <memory>

#include "cli.hpp"
#include "pyro/report/run_files.hpp"

namespace pyro::cli {

class RunFolder : public pipeline::Sink {
 public:
  // Errors: the folder cannot be written, or it holds a frames.csv that is not ours.
  [[nodiscard]] static Result<std::unique_ptr<RunFolder>> open(const std::filesystem::path& folder,
                                                               bool parquet,
                                                               const capture::SourceInfo& source,
                                                               const pipeline::WalkSettings& settings,
                                                               const infer::ModelStore& models);
  Status take(const records::Frame& frame, std::span<const records::Observation> faces) override;
  // Completes the files; `ended` is how the walk ended.
  Status close(const pipeline::WalkSummary& summary, const Status& ended);

 private:
  explicit RunFolder(report::RunFiles files) : files_(std::move(files)) {}
  report::RunFiles files_;
};

}  // namespace pyro::cli
