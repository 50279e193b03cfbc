// The data sets that jobs judge and learn from: an upload, or pictures that a site has kept and labelled.
#pragma once

#include "../cli.hpp"
#include "pyro/datasets/dataset.hpp"
#include "pyro/jobs/runner.hpp"

namespace pyro::cli {

struct JobSet {
  std::filesystem::path where;           // as datasets::read_dataset takes it; below the job's folder
  bool of_people = false;                // of the site's people: no picture of it may be put into a result
  std::int64_t people = 0, refused = 0;  // then: of whom, and how many of the set may not be used (any more)
  bool simulated = false;                // of the demo's
};
// The id of a site's picture that shows nobody it keeps a record of, by the file that it was written to;
// empty: it is no such picture.
[[nodiscard]] std::string picture_id(const std::string& file);
// The site's pictures in that data set (or that version of one) that show nobody it keeps a record of,
// written into `folder`; all, or those with a label. Errors (bad_input): there is no such version any more.
struct SiteFile {
  std::string file, id, name, label;  // label: empty where it has none
};
[[nodiscard]] Result<std::vector<SiteFile>> site_files(const jobs::Task& task, store::Database& database,
                                                       const std::filesystem::path& folder, bool labelled);

// Paths are relative to the job's folder, so that messages tell nothing of this machine. Nothing of it leads
// out of that folder. Errors (bad_input): no data set, a table that names files
// elsewhere or that are no pictures; nobody of the site's set may be used.
[[nodiscard]] Result<JobSet> job_set(const jobs::Task& task, store::Database& database);

// The job's options.
[[nodiscard]] jobs::Json options_of(const jobs::Task& task);
// The site's settings with the job's own model, head, detector and mesh. Error (bad_input): no such model.
[[nodiscard]] Result<pipeline::WalkSettings> settings_of(const jobs::Task& task,
                                                         pipeline::WalkSettings settings,
                                                         const infer::ModelStore& models);
// JSON as the verbs write it, into a result of that name.
[[nodiscard]] Status write_json(const jobs::Task& task, const char* name, const nlohmann::json& json);

}  // namespace pyro::cli
