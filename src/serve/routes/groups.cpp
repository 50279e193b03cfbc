// Organisations, their teams, who belongs to them and who leads them: the administrator's, and of a lead's
// own teams to be read.
#include "../office.hpp"
#include "pyro/archive/ids.hpp"
#include "pyro/archive/simulated.hpp"

namespace pyro::serve {
namespace {

// All, or those that a lead leads.
Answer list_groups(Office& office, Call& call, const archive::Table& table, const char* led) {
  return read(office, call, [&](store::Connection& in) -> Answer {
    archive::Query query;
    if (call.actor.role == security::Role::organisation_lead) {
      query.within = led;
      query.within_value = store::Value{call.actor.user};
    }
    if (const std::string organisation = call.text("organisation");
        !organisation.empty() && &table == &archive::kTeam)
      query.equal.emplace_back("organisation", store::Value{organisation});
    query.after = call.text("after");
    query.limit = static_cast<std::size_t>(call.whole("limit", 50));
    const auto page = archive::list(in, table, query);
    if (!page) return trouble(page);
    return json_response(200, page_json(*page));
  });
}

Answer list_organisations(Office& office, Call& call) {
  return list_groups(
      office, call, archive::kOrganisation,
      "id IN (SELECT t.organisation FROM team t JOIN team_lead l ON l.team = t.id WHERE l.account = $)");
}
Answer list_teams(Office& office, Call& call) {
  return list_groups(office, call, archive::kTeam, "id IN (SELECT team FROM team_lead WHERE account = $)");
}

Answer make_organisation(Office& office, Call& call) {
  return make_row(office, call, archive::kOrganisation, Json::object());
}
Answer make_team(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    Json fields = call.body;
    const auto simulated =
        archive::is_simulated(in, archive::kOrganisation, fields.at("organisation").get<std::string>());
    if (!simulated) return trouble(simulated);
    fields["simulated"] = *simulated;
    const Result<Json> row = archive::insert(in, archive::kTeam, fields, call.now);
    if (!row) return trouble(row);
    return row_response(201, *row);
  });
}

// What belongs to the demo and what does not are never in one team.
Granted<void> same_world(store::Connection& in, const std::string& team, const archive::Table& table,
                         const std::string& id) {
  const auto teams = archive::is_simulated(in, archive::kTeam, team);
  if (!teams) return trouble(teams);
  const auto theirs = archive::is_simulated(in, table, id);
  if (!theirs) return trouble(theirs);
  if (*teams != *theirs)
    return problem(
        422, "simulated",
        "Teams of the demo are for its simulated people and its lead, other teams for all others.");
  return {};
}

Handler get_group(const archive::Table& table, const char* id) {
  return [&table, id](Office& office, Call& call) { return get_row(office, call, table, id); };
}
Handler change_group(const archive::Table& table, const char* id) {
  return [&table, id](Office& office, Call& call) { return change_row(office, call, table, id); };
}

Answer remove_organisation(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    const auto teams =
        in.query("SELECT id FROM team WHERE organisation = $1 LIMIT 1", call.text("organisation"));
    if (!teams) return trouble(teams);
    if (!teams->empty()) return problem(409, "not-empty", "It still has teams; remove them first.");
    const Result<bool> gone = archive::remove(in, archive::kOrganisation, call.text("organisation"));
    if (!gone) return trouble(gone);
    return *gone ? Answer{nothing()} : Answer{no_such()};
  });
}

Answer remove_team(Office& office, Call& call) {
  const std::string team = call.text("team");
  return write(office, call, [&](store::Connection& in) -> Answer {
    for (const char* table : {"member", "team_lead"}) {
      const auto gone = in.change(std::string{"DELETE FROM "} + table + " WHERE team = $1", team);
      if (!gone) return trouble(gone);
    }
    const Result<bool> gone = archive::remove(in, archive::kTeam, team);
    if (!gone) return trouble(gone);
    return *gone ? Answer{nothing()} : Answer{no_such()};
  });
}

// The name of the account: of a member the one that is joined to the record, if there is one. An
// administrator sees accounts, and never a record's pseudonym, which would say whose is whose in a study.
Granted<bool> name_account(store::Connection& in, Json& row) {
  const bool member = row.contains("person");
  const auto rows = in.query(member ? "SELECT name FROM account WHERE person = $1 AND role = 'participant'"
                                    : "SELECT name FROM account WHERE id = $1",
                             row[member ? "person" : "account"].get<std::string>());
  if (!rows) return trouble(rows);
  row["account_name"] = rows->empty() ? Json() : Json(std::get<std::string>(rows->front()[0]));
  return true;
}

// Rows of members or leads of one team.
Answer list_of_team(Office& office, Call& call, const archive::Table& table) {
  return read(office, call, [&](store::Connection& in) -> Answer {
    archive::Query query;
    query.equal.emplace_back("team", store::Value{call.text("team")});
    query.after = call.text("after");
    query.limit = static_cast<std::size_t>(call.whole("limit", 50));
    auto page = archive::list(in, table, query);
    if (!page) return trouble(page);
    for (Json& row : page->rows) {
      if (const Granted<bool> named = name_account(in, row); !named)
        return tl::make_unexpected(named.error());
    }
    return json_response(200, page_json(*page));
  });
}
Answer list_members(Office& office, Call& call) {
  return list_of_team(office, call, archive::kMember);
}
Answer list_leads(Office& office, Call& call) {
  return list_of_team(office, call, archive::kTeamLead);
}

// Of each of the caller's people.
Answer list_memberships(Office& office, Call& call) {
  const auto shown = [](store::Connection& in, const Call&, const security::Subject&, Json& row) {
    row["team_name"] = nullptr;
    const auto team = archive::find(in, archive::kTeam, row.at("team").get<std::string>());
    if (team && *team) row["team_name"] = (**team)["name"];
  };
  return list_rows(office, call, archive::kMember, {}, false, shown);
}

Answer add_member(Office& office, Call& call) {
  // In the person's own audit log, though the administrator who does it sees nothing of them.
  call.subject =
      archive::KnownSubject{call.body.at("person").get<std::string>(), security::Relation::none, {}, false};
  return write(office, call, [&](store::Connection& in) -> Answer {
    if (const auto fits = same_world(in, call.text("team"), archive::kPerson, call.person()); !fits)
      return tl::make_unexpected(fits.error());
    Result<Json> row = archive::insert(in, archive::kMember,
                                       {{"team", call.text("team")}, {"person", call.person()}}, call.now);
    if (!row) return trouble(row);
    if (const Granted<bool> named = name_account(in, *row); !named) return tl::make_unexpected(named.error());
    return row_response(201, *row);
  });
}

Answer remove_member(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    const auto row = archive::find(in, archive::kMember, call.text("member"));
    if (!row) return trouble(row);
    if (!*row) return no_such();
    call.subject =
        archive::KnownSubject{(**row)["person"].get<std::string>(), security::Relation::none, {}, false};
    const Result<bool> gone = archive::remove(in, archive::kMember, call.text("member"));
    if (!gone) return trouble(gone);
    return nothing();
  });
}

Answer add_lead(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    const auto account = archive::account_named(in, call.body.at("account").get<std::string>());
    if (!account) return trouble(account);
    if (!*account || (*account)->role != security::Role::organisation_lead)
      return problem(422, "no-such-account", "There is no organisation lead of this name.");
    if (const auto fits = same_world(in, call.text("team"), archive::kAccount, (*account)->id); !fits)
      return tl::make_unexpected(fits.error());
    Result<Json> row = archive::insert(in, archive::kTeamLead,
                                       {{"team", call.text("team")}, {"account", (*account)->id}}, call.now);
    if (!row) return trouble(row);
    if (const Granted<bool> named = name_account(in, *row); !named) return tl::make_unexpected(named.error());
    return row_response(201, *row);
  });
}

Answer remove_lead(Office& office, Call& call) {
  return remove_row(office, call, archive::kTeamLead, "lead");
}

}  // namespace

Answer team_aggregates(Office& office, Call& call);  // routes/aggregates.cpp

void add_group_routes(Handlers& handlers) {
  handlers["listOrganisations"] = list_organisations;
  handlers["makeOrganisation"] = make_organisation;
  handlers["getOrganisation"] = get_group(archive::kOrganisation, "organisation");
  handlers["changeOrganisation"] = change_group(archive::kOrganisation, "organisation");
  handlers["removeOrganisation"] = remove_organisation;
  handlers["listTeams"] = list_teams;
  handlers["makeTeam"] = make_team;
  handlers["getTeam"] = get_group(archive::kTeam, "team");
  handlers["changeTeam"] = change_group(archive::kTeam, "team");
  handlers["removeTeam"] = remove_team;
  handlers["listMembers"] = list_members;
  handlers["listMemberships"] = list_memberships;
  handlers["addMember"] = add_member;
  handlers["removeMember"] = remove_member;
  handlers["listLeads"] = list_leads;
  handlers["addLead"] = add_lead;
  handlers["removeLead"] = remove_lead;
  handlers["getAggregate"] = team_aggregates;
}

}  // namespace pyro::serve
