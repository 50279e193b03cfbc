#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "pyro/base/time.hpp"
#include "pyro/fhir/sources.hpp"

namespace pyro::fhir {
namespace {

using Parsed = nlohmann::json;

std::optional<double> number(const Parsed& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return std::nullopt;
  return found->get<double>();
}

// The one that is meant.
Result<const Parsed*> person_in(const Parsed& session, std::optional<std::int64_t> face_id,
                                const std::string& name) {
  const Parsed& persons = session.at("persons");
  if (persons.empty()) return bad_input(name + " holds no person: there is nothing to export");
  std::string known;
  const Parsed* found = nullptr;
  for (const Parsed& person : persons) {
    const auto id = person.at("face_id").get<std::int64_t>();
    known += (known.empty() ? "" : ", ") + std::to_string(id);
    if (!face_id || *face_id == id) found = &person;
  }
  if (found == nullptr && face_id)
    return wrong_use("nobody in " + name + " has face_id " + std::to_string(*face_id) + "; there are " +
                     known);
  if (found == nullptr) return bad_input(name + " holds no person");
  if (!face_id && persons.size() > 1)
    return bad_input(name + " holds " + std::to_string(persons.size()) +
                     " persons: say by --face-id whom to export (" + known + ")");
  return found;
}

}  // namespace

Status add_frames(report::FramesReader& frames, Session& session) {
  std::array<double, records::kClasses> sums{};
  std::int64_t count = 0;
  report::RecordedFrame row;
  for (;;) {
    const Result<bool> more = frames.next(row);
    if (!more) return tl::make_unexpected(more.error());
    if (!*more) break;
    if (row.seen.face.face_id != session.face_id) continue;
    if (row.seen.utc != UtcTime{}) session.end = utc_text(row.seen.utc);
    if (!row.seen.valid || row.p[0] != row.p[0]) continue;
    ++count;
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += row.p[i];
  }
  if (count == 0) return {};
  for (double& sum : sums) sum /= static_cast<double>(count);
  session.probabilities = sums;
  return {};
}

Status check_person(const std::string& person) {
  const bool plain = std::ranges::all_of(person, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
  if (person.empty() || person.size() > 64 || !plain)
    return wrong_use(
        "the person must be a pseudonym of at most 64 letters, digits, '.', '_' and '-', like P017; names do "
        "not belong into an export");
  return {};
}

Result<Session> read_session(const std::filesystem::path& run, std::optional<std::int64_t> face_id) {
  const std::string name = (run / "session.json").string();
  std::ifstream file{name, std::ios::binary};
  if (!file) return bad_input("cannot open " + name + ": give the folder that analyze wrote");
  Session session;
  try {
    const Parsed json = Parsed::parse(file);
    if (json.at("schema") != "pyrometer-session/1")
      return bad_input(name + " is no session.json of this version");
    const Result<const Parsed*> person = person_in(json, face_id, name);
    if (!person) return tl::make_unexpected(person.error());
    const Parsed& one = **person;
    session.software_version = json.at("software").at("version").get<std::string>();
    const auto state = json.at("state").get<std::string>();
    session.complete = state == "finished" || state == "interrupted";
    session.written = json.at("written").get<std::string>();
    for (const Parsed& model : json.at("models"))
      session.models.push_back({model.at("name").get<std::string>(), model.at("version").get<std::string>()});
    session.settings = json.at("settings").at("text").get<std::string>();
    session.settings_hash = json.at("settings").at("hash").get<std::string>();
    session.face_id = one.at("face_id").get<std::int64_t>();
    session.start = session.end = one.at("start").get<std::string>();
    session.frames = one.at("frames").get<std::int64_t>();
    session.valid_frames = one.at("valid_frames").get<std::int64_t>();
    session.mean_score = number(one, "mean_score");
    session.volatility = number(one, "volatility");
    session.score_final = number(one, "score_final");
    session.index = number(one, "index");
    session.perclos = number(one, "perclos");
    session.blink_rate_per_min = number(one, "blink_rate_per_min");
  } catch (const nlohmann::json::exception& error) {
    return bad_input(name + " is no session.json; give the folder that analyze wrote", error.what());
  }
  Result<report::FramesReader> frames = report::FramesReader::open(run / "frames.csv");
  if (!frames) return tl::make_unexpected(frames.error());
  if (Status read = add_frames(*frames, session); !read) return tl::make_unexpected(read.error());
  return session;
}

}  // namespace pyro::fhir
