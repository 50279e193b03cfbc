// The training run.
#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "datasets/samples.hpp"
#include "fit/options.hpp"
#include "pyro/base/result.hpp"

namespace pyro::training {

inline constexpr const char* kCheckpointName = "checkpoint.pt";  // all of the run, for --resume
inline constexpr const char* kBestName = "best.pt";  // the averaged weights that did best on the hold-out
inline constexpr const char* kMetricsName = "metrics.jsonl";  // one line an epoch

// The sources' pictures, split as the options say. Errors: those of read_samples.
Result<Split> read_split(const std::vector<Source>& sources, const FitOptions& options);

// Where a run lives and what it starts from.
struct RunFolder {
  std::filesystem::path out;
  bool resume = false;                             // go on from out/checkpoint.pt
  std::optional<std::filesystem::path> from = {};  // weights to start with instead of random ones
};

struct StepReport {
  int epoch, epochs;   // the epoch from 0
  int batch, batches;  // done of this epoch
  double loss;         // of this step, both heads
};

// Who looks on; either may be left empty.
struct Watcher {
  std::function<void(const StepReport&)> on_step;
  std::function<void(const nlohmann::json&)> on_epoch;  // each line of metrics, after it is on the disk
};

// Fits on data.fit and judges every epoch on data.hold_out; the best epoch is the one whose averaged weights
// have the highest sum of the accuracies of the heads that are trained. When resumed, everything but `epochs`
// must be as it was, and the result is then bit for bit that of an uninterrupted run on as many threads.
// `on_epoch` sees each line of metrics. Errors: an existing run without `resume` (wrong_use), a loss that is
// no number (failed), disk full (failed).
Status fit(const Split& data, const FitOptions& options, const RunFolder& folder,
           const Watcher& watcher = {});

}  // namespace pyro::training
