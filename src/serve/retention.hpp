// Erasing on time, and writing down that it was done.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "pyro/archive/audit_log.hpp"
#include "pyro/archive/retention.hpp"
#include "pyro/jobs/recordings.hpp"

namespace pyro::serve {

// One sweep, with an entry of the audit log for each person and kind, in the same transaction; then
// the files of videos that went.
[[nodiscard]] Result<std::vector<archive::Swept>> sweep_once(store::Database& database,
                                                             archive::AuditLog& audit,
                                                             const jobs::Recordings& recordings, UtcTime now);

// A sweep now and every hour from now on.
class Sweeper {
 public:
  Sweeper(store::Database& database, archive::AuditLog& audit, const jobs::Recordings& recordings);
  ~Sweeper();
  Sweeper(const Sweeper&) = delete;
  Sweeper& operator=(const Sweeper&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace pyro::serve
