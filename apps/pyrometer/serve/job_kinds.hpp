// The kinds of jobs, each what the verb of its name does, by the same calls.
#pragma once

#include "../cli.hpp"
#include "pyro/jobs/recordings.hpp"
#include "pyro/jobs/runner.hpp"

namespace pyro::cli {

// What a worker has for all of them.
struct JobBench {
  store::Database& database;
  const jobs::Recordings& recordings;
  pipeline::WalkSettings settings;
  PlaceFlags place;
  std::filesystem::path trainer;  // pyrometer-train; empty: there is none
  std::chrono::seconds most_cpu;  // of a child process
};

[[nodiscard]] Result<jobs::Json> analyze_job(const jobs::Task& task, const pipeline::WalkSettings& settings,
                                             const infer::ModelStore& models);
// A score against questionnaires: a table, or the site's own sessions and answers.
[[nodiscard]] Result<jobs::Json> validate_job(const jobs::Task& task, store::Database& database);
[[nodiscard]] Result<jobs::Json> evaluate_job(const jobs::Task& task, const JobBench& bench,
                                              const infer::ModelStore& models);
[[nodiscard]] Result<jobs::Json> audit_job(const jobs::Task& task, const JobBench& bench,
                                           const infer::ModelStore& models);
// Pictures, a kept picture, or a session's score.
[[nodiscard]] Result<jobs::Json> explain_job(const jobs::Task& task, const JobBench& bench,
                                             const infer::ModelStore& models);
// A session, or a person's weeks, to read and to print.
[[nodiscard]] Result<jobs::Json> report_job(const jobs::Task& task, const JobBench& bench);
// Pictures of an archive into a data set of the site.
[[nodiscard]] Result<jobs::Json> import_job(const jobs::Task& task, const JobBench& bench,
                                            const infer::ModelStore& models);
// Where a data set's faces lie on the map of the expression model's embedding.
[[nodiscard]] Result<jobs::Json> map_job(const jobs::Task& task, const JobBench& bench,
                                         const infer::ModelStore& models);
// train and finetune: pyrometer-train as a child process.
[[nodiscard]] Result<jobs::Json> train_job(const jobs::Task& task, const JobBench& bench,
                                           const infer::ModelStore& models);

// All of them, by name. The models are opened anew for each job, so that each has what is promoted then.
[[nodiscard]] std::map<std::string, jobs::Kind, std::less<>> job_kinds(const JobBench& bench);

}  // namespace pyro::cli
