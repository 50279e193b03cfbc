#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "pyro/report/frames_reader.hpp"

namespace pyro::report {

Result<score::Baseline> read_baseline(const std::filesystem::path& session_json,
                                      std::optional<std::int64_t> face_id) {
  const std::string name = session_json.string();
  std::ifstream file{session_json, std::ios::binary};
  if (!file) return bad_input("cannot open " + name + ": check that it exists and may be read");
  std::optional<score::Baseline> found;
  try {
    const auto session = nlohmann::json::parse(file);
    if (session.at("schema") != "pyrometer-session/1")
      return bad_input(name + " is no session.json of this version");
    for (const auto& person : session.at("persons")) {
      if (face_id && person.at("face_id") != *face_id) continue;
      const auto baseline = person.find("baseline");
      if (baseline == person.end() || baseline->is_null()) continue;
      if (found)
        return bad_input(name + " has the baselines of several people; say whose is wanted by its face_id");
      found = score::Baseline{baseline->at("mean").get<double>(), baseline->at("deviation").get<double>(),
                              baseline->at("frames").get<std::int64_t>()};
    }
  } catch (const nlohmann::json::exception& error) {
    return bad_input(name + " is no session.json; give that of an earlier run with --profile extended",
                     error.what());
  }
  if (!found) {
    return bad_input(name +
                     " has no baseline for this person; give the session.json of an earlier run with "
                     "--profile extended that "
                     "is longer than its baseline time");
  }
  return *found;
}

}  // namespace pyro::report
