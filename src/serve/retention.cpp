#include "retention.hpp"

#include <spdlog/spdlog.h>

#include "pyro/base/clock.hpp"
#include "pyro/serve/data_folder.hpp"

namespace pyro::serve {

Result<std::vector<archive::Swept>> sweep_once(store::Database& database, archive::AuditLog& audit,
                                               const jobs::Recordings& recordings, UtcTime now) {
  std::vector<archive::Swept> out;
  const Status done = database.write([&](store::Connection& in) -> Status {
    auto swept = archive::sweep(in, now);
    if (!swept) return tl::make_unexpected(swept.error());
    for (const archive::Swept& one : *swept) {
      security::AuditEntry entry;
      entry.at = now, entry.actor = "retention", entry.action = "retention.sweep", entry.resource = one.kind;
      entry.subject = one.person, entry.outcome = "erased", entry.detail = std::to_string(one.rows) + " rows";
      if (Status noted = audit.append(in, std::move(entry)); !noted) return noted;
    }
    out = std::move(*swept);
    return {};
  });
  if (!done) return tl::make_unexpected(done.error());
  if (const Status gone = recordings.sweep(database); !gone) return tl::make_unexpected(gone.error());
  return out;
}

Sweeper::Sweeper(store::Database& database, archive::AuditLog& audit, const jobs::Recordings& recordings)
    : thread_([this, &database, &audit, &recordings](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
          const auto swept = sweep_once(database, audit, recordings, utc_now());
          if (!swept) spdlog::error("retention: {}", swept.error().text());
          if (swept && !swept->empty())
            spdlog::info("retention: erased of {} people and kinds", swept->size());
          std::unique_lock lock{mutex_};
          wake_.wait_for(lock, stop, std::chrono::hours{1}, [] { return false; });
        }
      }) {}
Sweeper::~Sweeper() = default;

}  // namespace pyro::serve
