#include "pyro/archive/overview.hpp"

#include "pyro/archive/subjects.hpp"

namespace pyro::archive {

Result<std::map<std::string, PersonOverview>> overviews_of(store::Connection& in,
                                                           const security::Actor& actor,
                                                           const std::string& program) {
  const Reach reach = reach_of(actor, "person_overview.person");
  const auto rows = in.query(
      "SELECT person, sessions, last_session_us, weeks FROM person_overview WHERE program = $1 AND " +
          numbered(reach.condition, 2),
      program, reach.value.value_or(store::Value{}));
  if (!rows) return tl::make_unexpected(rows.error());
  std::map<std::string, PersonOverview> out;
  for (const store::Row& row : *rows) {
    PersonOverview& one = out[std::get<std::string>(row[0])];
    one.sessions = std::get<std::int64_t>(row[1]);
    if (const auto* last = std::get_if<std::int64_t>(&row[2])) one.last_session = time_of_us(*last);
    one.weeks = Json::parse(std::get<std::string>(row[3]), nullptr, false);
  }
  return out;
}

Result<PersonOverview> with_sessions(store::Connection& in, const std::string& person, Json weeks) {
  const auto rows = in.query("SELECT COUNT(*), MAX(started_us) FROM session WHERE person = $1", person);
  if (!rows) return tl::make_unexpected(rows.error());
  PersonOverview out;
  out.sessions = std::get<std::int64_t>(rows->front()[0]);
  if (const auto* last = std::get_if<std::int64_t>(&rows->front()[1])) out.last_session = time_of_us(*last);
  out.weeks = std::move(weeks);
  return out;
}

Status keep_overview(store::Connection& in, const std::string& person, const PersonOverview& overview,
                     const std::string& program) {
  const auto kept = in.change(
      "INSERT INTO person_overview (person, program, sessions, last_session_us, weeks) VALUES ($1, $2, $3, "
      "$4, $5) ON CONFLICT (person) DO UPDATE SET program = excluded.program, sessions = excluded.sessions, "
      "last_session_us = excluded.last_session_us, weeks = excluded.weeks",
      person, program, overview.sessions,
      overview.last_session ? store::Value{us_of(*overview.last_session)} : store::Value{},
      overview.weeks.dump());
  if (!kept) return tl::make_unexpected(kept.error());
  return {};
}

Status session_changed(store::Connection& in, const Json& session) {
  const auto gone =
      in.change("DELETE FROM person_overview WHERE person = $1", session.at("person").get<std::string>());
  if (!gone) return tl::make_unexpected(gone.error());
  return {};
}

}  // namespace pyro::archive
