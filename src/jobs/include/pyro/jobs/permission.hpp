// Whether a job may (still) be done: asked when it is made, while it runs and when it is kept.
#pragma once

#include <optional>
#include <string>

#include "pyro/jobs/queue.hpp"

namespace pyro::jobs {

struct Permission {
  std::string refused;      // a sentence; empty: it may
  bool expressions = true;  // false: the site's mode has none computed
};
// By the account's role, its relation to the person and the person's consents as they are now.
[[nodiscard]] Result<Permission> permission(store::Connection& in, const std::string& account,
                                            const std::optional<std::string>& person, UtcTime now);

}  // namespace pyro::jobs
