// What was worked out of all of a person's sessions, kept so that a list of many people is told quickly.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "pyro/archive/rows.hpp"
#include "pyro/security/access.hpp"

namespace pyro::archive {

struct PersonOverview {
  std::int64_t sessions = 0;
  std::optional<UtcTime> last_session;  // when the newest began
  Json weeks;                           // as whoever keeps it has it
};

// Of all whom an actor may reach, as far as they are kept and `program` (its version) made them: another may
// tell weeks otherwise.
[[nodiscard]] Result<std::map<std::string, PersonOverview>> overviews_of(store::Connection& in,
                                                                         const security::Actor& actor,
                                                                         const std::string& program);
// With how many sessions there are and when the last one began.
[[nodiscard]] Result<PersonOverview> with_sessions(store::Connection& in, const std::string& person,
                                                   Json weeks);
[[nodiscard]] Status keep_overview(store::Connection& in, const std::string& person,
                                   const PersonOverview& overview, const std::string& program);

// What was kept of its person is old.
[[nodiscard]] Status session_changed(store::Connection& in, const Json& session);

}  // namespace pyro::archive
