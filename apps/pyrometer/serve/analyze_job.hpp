// The kind of job "analyze": what `pyrometer analyze` does, of uploads.
#pragma once

#include "../cli.hpp"
#include "pyro/jobs/runner.hpp"

namespace pyro::cli {

[[nodiscard]] Result<jobs::Json> analyze_job(const jobs::Task& task, const pipeline::WalkSettings& settings,
                                             const infer::ModelStore& models);

}  // namespace pyro::cli
