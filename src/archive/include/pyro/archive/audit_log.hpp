// The audit log in the database: who read or wrote whose data, append-only and hash-chained
// (security/audit_chain.hpp).
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pyro/security/audit_chain.hpp"
#include "pyro/store/database.hpp"

namespace pyro::archive {

class AuditLog {
 public:
  AuditLog(store::Database& database, const std::array<std::uint8_t, 32>& key);
  ~AuditLog();
  AuditLog(const AuditLog&) = delete;
  AuditLog& operator=(const AuditLog&) = delete;

  // Within a write, so that neither is kept without the other. Sets number, previous and hash.
  [[nodiscard]] Status append(store::Connection& to, security::AuditEntry what);
  // For reads: returns when it is kept. Those that wait at the same time are kept by one write.
  [[nodiscard]] Status record(security::AuditEntry what);

  struct Query {
    std::string subject;      // empty: everybody's
    std::int64_t before = 0;  // number; 0: from the newest
    std::size_t limit = 50;
  };
  [[nodiscard]] static Result<std::vector<security::AuditEntry>> newest(store::Connection& in,
                                                                        const Query& query);

  // Over the whole log, in pages. Error (bad_input): the first entry that is altered, missing or out of
  // place.
  [[nodiscard]] Result<security::AuditAnchor> verify(
      std::optional<security::AuditAnchor> kept = std::nullopt);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pyro::archive
