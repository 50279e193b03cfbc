// The training run.
#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json_fwd.hpp>

#include "datasets/fer2013.hpp"
#include "fit/options.hpp"
#include "pyro/base/result.hpp"

namespace pyro::training {

inline constexpr const char* kCheckpointName = "checkpoint.pt";  // all of the run, for --resume
inline constexpr const char* kBestName = "best.pt";  // the averaged weights that did best on the hold-out
inline constexpr const char* kMetricsName = "metrics.jsonl";  // one line an epoch

// FER2013's training part in `dir`, identical pictures merged, split as the options say. Errors: those of
// read_fer2013.
Result<Split> read_split(const std::filesystem::path& dir, const FitOptions& options);

// Fits on data.fit and judges every epoch on data.hold_out (averaged weights, fer2013 head's accuracy decides
// which epoch is best). With `resume`, goes on from out/checkpoint.pt; everything but `epochs` must be as it
// was, and the result is then bit for bit that of an uninterrupted run on as many threads. `on_epoch` sees
// each line of metrics. Errors: an existing run without `resume` (wrong_use), a loss that is no number
// (failed), disk full (failed).
Status fit(const Split& data, const FitOptions& options, const std::filesystem::path& out, bool resume,
           const std::function<void(const nlohmann::json&)>& on_epoch);

}  // namespace pyro::training
