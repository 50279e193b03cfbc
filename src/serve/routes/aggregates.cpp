// Figures of a team: of people who agreed to be counted, of at least k, and never two answers that differ by
// a few people.
#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "../group_hashes.hpp"
#include "../office.hpp"
#include "pyro/archive/ids.hpp"
#include "pyro/archive/main_face.hpp"
#include "pyro/archive/simulated.hpp"
#include "pyro/security/group_guard.hpp"
#include "pyro/serve/series.hpp"

namespace pyro::serve {
namespace {

// What is asked for: participation, index, or a scale of a questionnaire; over which month.
struct Asked {
  std::string figure, period, instrument, scale;
  UtcTime from, until;
  double grid = 0.25;
};

Granted<Asked> asked_of(Office& office, const Call& call) {
  Asked out;
  out.figure = call.text("figure"), out.period = call.text("period");
  if (out.figure == "index") {
    if (call.decision.view != security::View::aggregate)
      return problem(403, "not-declared", "This site does not show leads anything that a face gave.");
    out.grid = 1;
  } else if (out.figure == "participation") {
    out.grid = 0.1;
  } else {
    const std::size_t first = out.figure.find(':'), second = out.figure.find(':', first + 1);
    out.instrument = out.figure.substr(first + 1, second - first - 1),
    out.scale = out.figure.substr(second + 1);
    std::optional<Measure> measure;
    const Status known = office.database.read([&](store::Connection& in) -> Status {
      auto found = survey_measure(in, office.library.instruments, out.instrument, out.scale);
      if (!found) return tl::make_unexpected(found.error());
      measure = std::move(*found);
      return {};
    });
    if (!known) return trouble(known);
    if (!measure) return problem(422, "no-such-survey", "There is no such questionnaire or scale here.");
  }
  int year = 0;
  unsigned month = 0;
  std::from_chars(out.period.data(), out.period.data() + 4, year);
  std::from_chars(out.period.data() + 5, out.period.data() + 7, month);
  const std::chrono::year_month first{std::chrono::year{year}, std::chrono::month{month}};
  out.from = std::chrono::sys_days{first / 1};
  out.until = std::chrono::sys_days{(first + std::chrono::months{1}) / 1};
  // While a month runs, who counts grows by one answer at a time.
  if (out.until > call.now)
    return problem(409, "period-not-over", "Figures of a month are given when it is over.");
  return out;
}

// CROSS JOIN: from the members to theirs. SQLite keeps to that order; left to itself it goes through all
// sessions that have ended and asks of each whether its person is a member.
using Values = std::map<std::string, std::pair<double, int>>;  // by person: sum and number

// The team's people who agreed to be counted.
Result<std::set<std::string>> counted_people(store::Connection& in, const Call& call, bool of_faces) {
  const auto consents = archive::consents_of_team(in, call.text("team"));
  if (!consents) return tl::make_unexpected(consents.error());
  std::set<std::string> out;
  for (const auto& [person, given] : *consents) {
    if (security::counts_in_groups(given, call.now) &&
        (!of_faces || security::covers(given, security::Scope::store_observations, call.now)))
      out.insert(person);
  }
  return out;
}

Status add_responses(store::Connection& in, const Call& call, const Asked& asked, Values& values) {
  const auto rows = in.query(
      "SELECT r.person, r.score, r.definition FROM member m CROSS JOIN response r WHERE r.person "
      "= m.person AND m.team = $1 AND r.taken_us >= $2 AND r.taken_us < $3 AND r.instrument = $4",
      call.text("team"), archive::us_of(asked.from), archive::us_of(asked.until), asked.instrument);
  if (!rows) return tl::make_unexpected(rows.error());
  const auto otherwise = counted_otherwise(in, asked.instrument, asked.scale);
  if (!otherwise) return tl::make_unexpected(otherwise.error());
  for (const store::Row& row : *rows) {
    if (otherwise->contains(std::get<std::string>(row[2]))) continue;
    const Json score = Json::parse(std::get<std::string>(row[1]), nullptr, false);
    if (!score.is_object()) continue;
    for (const Json& scale : score.value("scales", Json::array())) {
      if (scale.value("scale", "") != asked.scale || !scale["score"].is_number()) continue;
      auto& [sum, number] = values[std::get<std::string>(row[0])];
      sum += scale["score"].get<double>(), ++number;
    }
  }
  return {};
}

Status add_sessions(store::Connection& in, const Call& call, const Asked& asked, Values& values) {
  const auto rows = in.query(
      "SELECT s.person, SUM(s.main_index), COUNT(s.main_index) FROM member m CROSS JOIN session s WHERE "
      "s.person = m.person AND m.team = $1 AND s.started_us >= $2 AND s.started_us < $3 AND s.state = "
      "'ended' AND "
      "s.readable_share >= $4 AND s.main_index IS NOT NULL GROUP BY s.person",
      call.text("team"), archive::us_of(asked.from), archive::us_of(asked.until), archive::kReadableEnough);
  if (!rows) return tl::make_unexpected(rows.error());
  for (const store::Row& row : *rows)
    values[std::get<std::string>(row[0])] = {std::get<double>(row[1]),
                                             static_cast<int>(std::get<std::int64_t>(row[2]))};
  return {};
}

// Who agreed and did nothing counts as well: that is what participation is of.
Status add_participation(store::Connection& in, const Call& call, const Asked& asked,
                         const std::set<std::string>& people, Values& values) {
  for (const std::string& person : people) values[person] = {0, 1};
  const auto rows = in.query(
      "SELECT r.person FROM member m CROSS JOIN response r WHERE r.person = m.person AND m.team = $1 AND "
      "r.taken_us >= $2 AND r.taken_us < $3 UNION SELECT s.person FROM member m CROSS JOIN session s WHERE "
      "s.person = m.person AND m.team = $1 AND s.started_us >= $2 AND s.started_us < $3 AND s.state = "
      "'ended'",
      call.text("team"), archive::us_of(asked.from), archive::us_of(asked.until));
  if (!rows) return tl::make_unexpected(rows.error());
  for (const store::Row& row : *rows) values[std::get<std::string>(row[0])] = {1, 1};
  return {};
}

Result<Values> values_of(store::Connection& in, const Call& call, const Asked& asked) {
  Values values;
  const auto people = counted_people(in, call, asked.figure == "index");
  if (!people) return tl::make_unexpected(people.error());
  const Status added = asked.figure == "participation" ? add_participation(in, call, asked, *people, values)
                       : asked.figure == "index"       ? add_sessions(in, call, asked, values)
                                                       : add_responses(in, call, asked, values);
  if (!added) return tl::make_unexpected(added.error());
  std::erase_if(values, [&](const auto& one) { return !people->contains(one.first); });
  return values;
}

Json figure_json(const Call& call, const Asked& asked, const Values& values) {
  double sum = 0;
  for (const auto& [person, value] : values) sum += value.first / value.second;
  double mean = security::rounded_figure(sum / static_cast<double>(values.size()), asked.grid);
  // That all took part, or nobody did, would say it of each.
  if (asked.figure == "participation") mean = std::clamp(mean, 0.1, 0.9);
  return {{"figure", asked.figure},
          {"period", asked.period},
          {"mean", mean},
          {"grid", asked.grid},
          {"people_at_least", security::rounded_people(static_cast<int>(values.size()))},
          {"k", call.site.rules.k},
          {"made", utc_text(call.now)}};
}

security::People hashed(const Office& office, const Values& values) {
  const GroupHashes hash(office.secrets);
  security::People out;
  for (const auto& [person, value] : values) out.push_back(hash.of(person));
  std::ranges::sort(out);
  return out;
}

}  // namespace

Answer team_aggregates(Office& office, Call& call);
Answer team_aggregates(Office& office, Call& call) {
  const Granted<Asked> asked = asked_of(office, call);
  if (!asked) return tl::make_unexpected(asked.error());
  // Figured out of a snapshot, so that a large team does not hold up who else writes. What is compared with
  // earlier answers below is the very set of people that these figures are of.
  std::optional<Values> values;
  const Status figured = office.database.read([&](store::Connection& in) -> Status {
    auto found = values_of(in, call, *asked);
    if (!found) return tl::make_unexpected(found.error());
    values = std::move(*found);
    return {};
  });
  if (!figured) return trouble(figured);
  Answer answer = write(office, call, [&](store::Connection& in) -> Answer {
    const security::People people = hashed(office, *values);
    const auto rows = in.query(
        "SELECT people, answer FROM aggregate_answer WHERE figure = $1 AND period = $2 ORDER BY created_us, "
        "id",
        asked->figure, asked->period);
    if (!rows) return trouble(rows);
    std::vector<security::People> before;
    for (const store::Row& row : *rows)
      before.push_back(Json::parse(std::get<std::string>(row[0])).get<security::People>());
    const auto verdict = security::judge_group(before, people, call.site.rules.k);
    if (!verdict) return trouble(verdict);
    if (verdict->kind == security::GroupVerdict::Kind::refuse)
      return problem(403, "too-few-people",
                     "Figures are given of at least " + std::to_string(call.site.rules.k) +
                         " people who agreed to be counted; here are fewer.");
    if (verdict->kind == security::GroupVerdict::Kind::again)
      return json_response(200, Json::parse(std::get<std::string>((*rows)[verdict->earlier][1])));
    const auto simulated = archive::is_simulated(in, archive::kTeam, call.text("team"));
    if (!simulated) return trouble(simulated);
    Json made = figure_json(call, *asked, *values);
    made["simulated"] = *simulated;
    const auto kept = in.change(
        "INSERT INTO aggregate_answer (id, figure, period, people, answer, created_us) VALUES ($1, $2, $3, "
        "$4, $5, $6)",
        archive::new_id(call.now), asked->figure, asked->period, Json(people).dump(), made.dump(),
        archive::us_of(call.now));
    if (!kept) return trouble(kept);
    return json_response(200, made);
  });
  if (!answer) (void)office.audit.record(audit_entry(call, answer.error().slug));
  return answer;
}

}  // namespace pyro::serve
