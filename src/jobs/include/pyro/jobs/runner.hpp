// Takes jobs and does them, one after the other: everything about a job but what its kind computes.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "pyro/jobs/folders.hpp"
#include "pyro/jobs/permission.hpp"
#include "pyro/jobs/queue.hpp"

namespace pyro::jobs {

// What a kind's code has to work with.
struct Task {
  const Lease& lease;
  // Its uploads, in the order in which they were named, in the clear; names say what they are and nothing
  // else.
  std::vector<std::filesystem::path> inputs;
  std::filesystem::path
      folder;  // of its own; the working directory too, so that paths in messages are short and tell nothing
  std::filesystem::path output;  // what lies in it at the end are the results
  bool expressions = true;       // false: none may be computed
  std::stop_token stop;
  std::function<void(double)> progress;  // 0..1, from any thread
  std::function<void(Json)> so_far;      // shown with the job while it runs; from any thread
  // Told of whom data are taken, before they are: the job ends when one of them may not be any more.
  std::function<void(std::vector<Use>)> uses;
  // What an attempt has here when it says `keep` the next one finds here; gone when the job ends. In the
  // clear, as its folder is; outside of it sealed. `keep` may be said often: it takes little of the time.
  std::filesystem::path kept;
  std::function<void()> keep;
};
// The job's result; `files` and `run` are added. Errors: bad_input ends the job, its message is shown to
// whoever asked for it; failed has it tried again.
using Kind = std::function<Result<Json>(const Task&)>;

struct RunnerSettings {
  std::filesystem::path data;
  std::chrono::milliseconds lease = std::chrono::seconds{15};
  std::chrono::seconds most_cpu = std::chrono::hours{6};  // of one job, by this process's own clock
  // Done first in the thread that computes. Only that one steps back behind others: the heartbeat must come
  // in time, and who holds the database's lock must not wait for an idle processor.
  std::function<void()> enter;
};

class Runner {
 public:
  Runner(store::Database& database, const archive::Secrets& secrets, const RunnerSettings& settings,
         std::map<std::string, Kind, std::less<>> kinds);
  // One job, if there is one. Error: the database cannot be asked, or the process is no longer good for
  // anything (`spent`).
  [[nodiscard]] Result<bool> run_one(const std::stop_token& stop);
  // It ran out of memory once: what it did then nobody knows.
  [[nodiscard]] bool spent() const { return spent_; }
  [[nodiscard]] const Folders& folders() const { return folders_; }

 private:
  struct Watch;
  Status run(const Lease& lease, const std::stop_token& stop);
  Result<Json> work(const Lease& lease, const std::filesystem::path& part, bool expressions, Watch& watch);
  Result<Json> keep(const Lease& lease, const std::filesystem::path& part, Json result);
  Status ended(const Lease& lease, const Result<bool>& done, const Freed& freed) const;

  store::Database& database_;
  security::SealKey key_;
  RunnerSettings settings_;
  Folders folders_;
  Queue queue_;
  std::map<std::string, Kind, std::less<>> kinds_;
  bool spent_ = false;
};

}  // namespace pyro::jobs
