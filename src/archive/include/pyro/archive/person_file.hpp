// Everything on one person: handed out, and erased.
#pragma once

#include <map>
#include <string>

#include "pyro/archive/rows.hpp"

namespace pyro::archive {

// Rows that went, by table. The person's account goes too, with its logins and tokens; the audit log keeps
// ids and that this was done.
[[nodiscard]] Result<std::map<std::string, std::int64_t>> erase_person(store::Connection& in,
                                                                       const std::string& person);
// A session with all that belongs to it.
[[nodiscard]] Result<bool> erase_session(store::Connection& in, const std::string& session);

// A zip: person.json with the rows of every table, observations/<session>.csv (all columns of frames.csv),
// captures/<id>.jpg or .png, audit.csv (who read or wrote it), README.txt.
[[nodiscard]] Result<std::string> export_person(store::Connection& in, const std::string& person,
                                                UtcTime now);

}  // namespace pyro::archive
