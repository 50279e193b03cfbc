// The figures of a session, from the observations that were kept of it: what session.csv has.
#pragma once

#include "pyro/archive/rows.hpp"
#include "pyro/report/session_table.hpp"
#include "pyro/score/settings.hpp"

namespace pyro::archive {

// {"people":[{"face_id":0,"frames":…,"index":…},…],"frames":…,"notice":"Not a diagnosis: …"}; an empty list
// where nothing was kept.
[[nodiscard]] Json summary_of(const report::SessionTable& table);
[[nodiscard]] Result<Json> summary_of(store::Connection& in, const std::string& session,
                                      const score::ScoreSettings& settings);

}  // namespace pyro::archive
