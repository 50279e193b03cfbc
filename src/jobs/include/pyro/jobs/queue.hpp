// Work that waits, in the table `job`: queued → running → done, failed or cancelled; paused in between, where
// somebody holds it.
//
// Whoever runs a job holds a lease on it that a heartbeat prolongs. A worker that was killed stops prolonging
// it, and the job is taken again from its start, at most kMostAttempts times. The number of the attempt goes
// with everything a worker says about its job: what an earlier attempt says late changes nothing. Thread-safe
// as the database is.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pyro/archive/rows.hpp"

namespace pyro::jobs {

using archive::Json;

inline constexpr std::int64_t kMostAttempts = 3;

struct Lease {
  std::string job, kind, account;
  std::optional<std::string> person;
  Json request;
  std::int64_t attempt = 0;
};

// What is to become of a job that is running.
enum class Word : std::uint8_t { go_on, cancel, lost };

// Uploads whose rows are gone, so that their files can go.
using Freed = std::vector<std::string>;

class Queue {
 public:
  explicit Queue(store::Database& database, std::chrono::milliseconds lease = std::chrono::seconds{15})
      : database_(database), lease_(lease) {}

  // The oldest of these kinds that waits, or whose lease has run out. Jobs that were to be cancelled, or were
  // tried too often, are ended on the way; their uploads are added to `freed`.
  [[nodiscard]] Result<std::optional<Lease>> take(std::span<const std::string_view> kinds, UtcTime now,
                                                  Freed& freed);
  [[nodiscard]] Result<Word> look(const Lease& lease);
  // Prolongs the lease. `progress`: 0..1. `so_far`: what came of it up to now, to be looked at; it is gone
  // when the job ends without a result.
  [[nodiscard]] Result<Word> beat(const Lease& lease, double progress, UtcTime now,
                                  const std::optional<Json>& so_far = {});

  // How it ended; false: the lease was lost, and nothing was changed. `allowed` is asked within the same
  // transaction: a sentence means no, and then the job is cancelled with it.
  using Allowed = std::function<Result<std::string>(store::Connection&)>;
  [[nodiscard]] Result<bool> finish(const Lease& lease, const Json& result, UtcTime now, Freed& freed,
                                    const Allowed& allowed);
  [[nodiscard]] Result<bool> fail(const Lease& lease, std::string_view sentence, UtcTime now, Freed& freed);
  [[nodiscard]] Result<bool> cancelled(const Lease& lease, std::string_view sentence, UtcTime now,
                                       Freed& freed);
  // Queued again: as if it had not been tried, or as a try that failed for reasons that may pass.
  [[nodiscard]] Result<bool> give_back(const Lease& lease, bool counts, UtcTime now);

  [[nodiscard]] std::chrono::milliseconds lease() const { return lease_; }

 private:
  Result<bool> end(const Lease& lease, std::string_view state, const std::optional<Json>& result,
                   std::string_view sentence, UtcTime now, Freed& freed, const Allowed& allowed = {});
  store::Database& database_;
  std::chrono::milliseconds lease_;
};

// Within somebody else's transaction. Uploads must be the account's, and no other job's: nullopt where one is
// not there.
[[nodiscard]] Result<std::optional<Json>> add_job(store::Connection& in, const Json& fields,
                                                  std::span<const std::string> uploads, UtcTime now);
// Ends a job that waits; asks the worker of one that runs to end it. nullopt: there is no such job.
[[nodiscard]] Result<std::optional<Json>> cancel_job(store::Connection& in, const std::string& job,
                                                     UtcTime now, Freed& freed);
// Holds a job that waits or runs: its worker lets it go, what its attempts have kept stays for the next one.
// False: it does neither, or is to be cancelled.
[[nodiscard]] Result<bool> pause_job(store::Connection& in, const std::string& job, UtcTime now);
// Queued again, as if it had not been tried: that it was held is no failure. False: it was not held.
[[nodiscard]] Result<bool> resume_job(store::Connection& in, const std::string& job, UtcTime now);
// Cancels what has been held since before `since`.
[[nodiscard]] Status cancel_held(store::Connection& in, UtcTime since, UtcTime now, Freed& freed);
// False: there is no such job.
[[nodiscard]] Result<bool> remove_job(store::Connection& in, const std::string& job, Freed& freed);

}  // namespace pyro::jobs
