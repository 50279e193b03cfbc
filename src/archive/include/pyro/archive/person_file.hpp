// Everything on one person: handed out, and erased.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "pyro/archive/rows.hpp"

namespace pyro::archive {

// Rows that went, by table. The person's account goes too, with its logins and tokens; the audit log keeps
// ids and that this was done.
[[nodiscard]] Result<std::map<std::string, std::int64_t>> erase_person(store::Connection& in,
                                                                       const std::string& person);
// A session with all that belongs to it.
[[nodiscard]] Result<bool> erase_session(store::Connection& in, const std::string& session);

// What no consent of the person's that is in force at `now` allows to be kept: without store_images captures,
// videos and explanations; without store_observations sessions with all that hangs on them, and jobs. Rows
// that went, by table.
[[nodiscard]] Result<std::map<std::string, std::int64_t>> erase_unconsented(store::Connection& in,
                                                                            const std::string& person,
                                                                            UtcTime now);

// What lies beside the database, and what of it is not handed out, with the reason and the way to it.
struct Beside {
  std::vector<std::pair<std::string, std::string>> files;  // name in the zip, content
  std::vector<std::string> left_out;
};

// A zip: person.json with the rows of every table, tables/<table>.csv (the same for spreadsheets),
// observations/<session>.csv (all columns of frames.csv), captures/<id>.jpg or .png, fhir/<session>.json and
// fhir/questionnaires.json (Bundles of FHIR R4, docs/fhir.md), audit.csv (who read or wrote it), what lies
// beside, README.txt, which says what was left out.
[[nodiscard]] Result<std::string> export_person(store::Connection& in, const std::string& person, UtcTime now,
                                                Beside beside = {});

}  // namespace pyro::archive
