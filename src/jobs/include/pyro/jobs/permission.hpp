// Whether a job may (still) be done: asked when it is made, while it runs and when it is kept.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "pyro/jobs/queue.hpp"
#include "pyro/security/access.hpp"

namespace pyro::jobs {

struct Permission {
  std::string refused;                       // a sentence; empty: it may
  std::optional<security::Decision> denied;  // where the table of access says so
  bool expressions = true;                   // false: the site's mode has none computed
};
// By the account's role, its relation to the person and the person's consents as they are now, for what this
// kind of job does: kinds that judge or fit models are about nobody and a researcher's; `explain` needs what
// reading an explanation needs. Of the lease kind, account, person and request are looked at.
[[nodiscard]] Result<Permission> permission(store::Connection& in, const Lease& lease, UtcTime now);

// What a job about nobody takes of somebody: the record, under the same table.
struct Use {
  std::string person;
  security::Action action;
};
// The first of them that may not be (any more) by this account; nullptr: all may.
[[nodiscard]] Result<const Use*> refused_use(store::Connection& in, const std::string& account,
                                             std::span<const Use> uses, UtcTime now);

}  // namespace pyro::jobs
