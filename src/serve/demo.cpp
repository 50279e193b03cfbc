#include "demo.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "group_hashes.hpp"
#include "pyro/archive/accounts.hpp"
#include "pyro/archive/simulated.hpp"
#include "pyro/demo/people.hpp"

namespace pyro::serve {
namespace {

using archive::Json;

constexpr std::string_view kLead = "demo-lead", kParticipant = "demo-participant",
                           kResearcher = "demo-researcher";

// What everybody agrees to, what nearly everybody does, and what two thirds do.
std::vector<Json> consents_of(std::size_t number) {
  std::vector<Json> out;
  const auto agree = [&](const Json& scopes, const char* purpose) {
    out.push_back({{"scopes", scopes}, {"purpose", purpose}});
  };
  agree(Json::array({"live_analysis", "store_observations"}),
        "Demonstration: sessions of a simulated person and their figures");
  if (number != 0) agree(Json::array({"group_aggregates"}), "Demonstration: counted in figures of the team");
  if (number % 3 != 2) agree(Json::array({"research_use"}), "Demonstration: part of a study");
  return out;
}

struct Whom {
  std::string clinician, researcher, team;
};

Result<std::string> add_person(store::Connection& in, const demo::DemoSettings& settings, std::size_t number,
                               const Whom& whom) {
  const UtcTime since = demo::first_day(settings);
  const demo::DemoFacts facts = demo::facts_of(settings, number);
  Result<std::string> id = id_of(archive::insert(in, archive::kPerson,
                                                 {{"pseudonym", facts.pseudonym},
                                                  {"name", facts.name},
                                                  {"birth_year", facts.birth_year},
                                                  {"remarks", "Simulated for a demonstration."},
                                                  {"simulated", true}},
                                                 since));
  if (!id) return id;
  std::vector<std::pair<const archive::Table*, Json>> rows{
      {&archive::kMember, {{"team", whom.team}}},
      {&archive::kCare, {{"account", whom.clinician}, {"kind", "clinician"}}}};
  for (Json& consent : consents_of(number)) {
    if (consent["scopes"][0] == "research_use")
      rows.emplace_back(&archive::kCare, Json{{"account", whom.researcher}, {"kind", "study"}});
    consent.update({{"from", utc_text(since)},
                    {"text_version", "demo-1"},
                    {"on_paper", true},
                    {"recorded_by", whom.clinician}});
    rows.emplace_back(&archive::kConsent, std::move(consent));
  }
  for (auto& [table, fields] : rows) {
    fields["person"] = *id;
    if (const Status made = status_of(archive::insert(in, *table, fields, since)); !made)
      return tl::make_unexpected(made.error());
  }
  return id;
}

}  // namespace

Result<std::vector<NewDemoAccount>> new_demo_accounts(const security::PasswordCost& cost) {
  std::vector<NewDemoAccount> out;
  for (const auto& [name, role] :
       {std::pair{kDemoClinician, "clinician"}, std::pair{kLead, "organisation_lead"},
        std::pair{kParticipant, "participant"}, std::pair{kResearcher, "researcher"}}) {
    std::string password = security::one_time_password();
    Result<std::string> hash = security::hash_password(password, cost);
    if (!hash) return tl::make_unexpected(hash.error());
    out.push_back({{std::string{name}, role, std::move(password)}, std::move(*hash)});
  }
  return out;
}

Status begin_demo(store::Connection& in, std::span<const NewDemoAccount> accounts, std::uint64_t seed,
                  UtcTime now) {
  const Result<DemoState> before = demo_state(in);
  if (!before) return status_of(before);
  if (before->there) return bad_input("There is a demo here already; remove it first to make it anew.");
  const demo::DemoSettings settings{.seed = seed, .now = now};
  for (std::size_t i = 0; i < settings.people; ++i) {
    const auto taken =
        in.query("SELECT id FROM person WHERE pseudonym = $1", demo::facts_of(settings, i).pseudonym);
    if (!taken) return status_of(taken);
    if (!taken->empty())
      return bad_input("Somebody here has the pseudonym " + demo::facts_of(settings, i).pseudonym +
                       ", which the demo needs; give them another one.");
  }
  if (const auto kept = in.change("INSERT INTO demo (id, seed, made_us, whole) VALUES (1, $1, $2, 0)",
                                  static_cast<std::int64_t>(seed), archive::us_of(now));
      !kept)
    return status_of(kept);
  const UtcTime since = demo::first_day(settings);
  const Result<std::string> organisation = id_of(
      archive::insert(in, archive::kOrganisation, {{"name", "Demo clinic"}, {"simulated", true}}, since));
  if (!organisation) return status_of(organisation);
  std::array<std::string, 2> teams;
  for (std::size_t i = 0; i < teams.size(); ++i) {
    const Result<std::string> team = id_of(archive::insert(in, archive::kTeam,
                                                           {{"organisation", *organisation},
                                                            {"name", "Demo ward " + std::to_string(i + 1)},
                                                            {"simulated", true}},
                                                           since));
    if (!team) return status_of(team);
    teams[i] = *team;
  }
  std::map<std::string_view, std::string> ids;
  const auto add_account = [&](const NewDemoAccount& one, Json more) -> Status {
    const auto taken = archive::account_named(in, one.told.name);
    if (!taken) return status_of(taken);
    if (*taken)
      return bad_input("There is an account " + one.told.name +
                       " here, a name that the demo needs; give it another one.");
    more.update({{"name", one.told.name},
                 {"display_name", "Demo: " + one.told.role},
                 {"role", one.told.role},
                 {"password", one.hash},
                 {"must_change_password", true},
                 {"simulated", true}});
    const Result<std::string> id = id_of(archive::make_account(in, more, now));
    if (id) ids[one.told.name] = *id;
    return status_of(id);
  };
  for (const NewDemoAccount& one : accounts) {
    if (one.told.name == kParticipant) continue;
    if (Status added = add_account(one, Json::object()); !added) return added;
  }
  for (const std::string& team : teams) {
    const auto lead =
        archive::insert(in, archive::kTeamLead, {{"team", team}, {"account", ids[kLead]}}, since);
    if (!lead) return status_of(lead);
  }
  std::string first;
  for (std::size_t i = 0; i < settings.people; ++i) {
    const auto person =
        add_person(in, settings, i, {ids[kDemoClinician], ids[kResearcher], teams[i % teams.size()]});
    if (!person) return status_of(person);
    if (i == 0) first = *person;
  }
  for (const NewDemoAccount& one : accounts) {
    if (one.told.name != kParticipant) continue;
    if (Status added = add_account(one, {{"person", first}}); !added) return added;
  }
  return {};
}

Result<std::map<std::string, std::int64_t>> erase_demo(store::Connection& in,
                                                       const archive::Secrets& secrets) {
  const auto people = in.query("SELECT id FROM person WHERE simulated = 1");
  if (!people) return tl::make_unexpected(people.error());
  const GroupHashes hash(secrets);
  std::set<std::string> hashes;
  for (const store::Row& row : *people) hashes.insert(hash.of(std::get<std::string>(row[0])));
  const auto answers = in.query("SELECT id, people FROM aggregate_answer");
  if (!answers) return tl::make_unexpected(answers.error());
  auto counts = archive::erase_simulated(in);
  if (!counts) return counts;
  for (const store::Row& row : *answers) {
    const Json set = Json::parse(std::get<std::string>(row[1]), nullptr, false);
    if (!set.is_array() || std::ranges::none_of(set, [&](const Json& one) {
          return one.is_string() && hashes.contains(one.get<std::string>());
        }))
      continue;
    const auto gone = in.change("DELETE FROM aggregate_answer WHERE id = $1", std::get<std::string>(row[0]));
    if (!gone) return tl::make_unexpected(gone.error());
    (*counts)["aggregate_answer"] += *gone;
  }
  return counts;
}

Result<DemoState> demo_state(store::Connection& in) {
  DemoState out;
  const auto rows = in.query("SELECT seed, made_us, whole FROM demo WHERE id = 1");
  if (!rows) return tl::make_unexpected(rows.error());
  if (rows->empty()) return out;
  const auto whole = [&](std::size_t at) { return std::get<std::int64_t>(rows->front()[at]); };
  out.there = true;
  out.seed = static_cast<std::uint64_t>(whole(0));
  out.made = archive::time_of_us(whole(1));
  out.whole = whole(2) != 0;
  for (const auto& [sql, count] :
       {std::pair{"SELECT COUNT(*) FROM person WHERE simulated = 1", &out.people},
        std::pair{"SELECT COUNT(*) FROM session s JOIN person p ON p.id = s.person WHERE p.simulated = 1",
                  &out.sessions},
        std::pair{"SELECT COUNT(*) FROM response r JOIN person p ON p.id = r.person WHERE p.simulated = 1",
                  &out.responses},
        std::pair{"SELECT COUNT(*) FROM alert a JOIN person p ON p.id = a.person WHERE p.simulated = 1",
                  &out.alerts}}) {
    const auto counted = in.query(sql);
    if (!counted) return tl::make_unexpected(counted.error());
    *count = std::get<std::int64_t>(counted->front()[0]);
  }
  return out;
}

}  // namespace pyro::serve
