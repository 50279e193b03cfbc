#include "pyro/archive/subjects.hpp"

#include "pyro/archive/ids.hpp"

namespace pyro::archive {
namespace {

using security::Relation;
using security::Role;

std::optional<UtcTime> optional_time(const store::Value& value) {
  if (std::holds_alternative<std::monostate>(value)) return std::nullopt;
  return time_of_us(std::get<std::int64_t>(value));
}
std::string text_of(const store::Value& value) {
  return std::holds_alternative<std::string>(value) ? std::get<std::string>(value) : std::string{};
}

// How an account was joined to a person: "clinician" by the person's own choice, "study" by a researcher's
// assignment.
Relation relation_by(std::string_view kind, Role role) {
  if (role == Role::clinician && kind == "clinician") return Relation::chosen;
  if (role == Role::researcher && kind == "study") return Relation::assigned;
  return Relation::none;
}

// Never between the demo and the rest.
Result<Relation> care_of(store::Connection& in, const security::Actor& actor, std::string_view person) {
  const Result<store::Rows> rows = in.query(
      "SELECT c.kind FROM care c JOIN person p ON p.id = c.person JOIN account a ON a.id = c.account WHERE "
      "c.person = $1 AND c.account = $2 AND p.simulated = a.simulated",
      std::string{person}, actor.user);
  if (!rows) return tl::make_unexpected(rows.error());
  return rows->empty() ? Relation::none : relation_by(text_of(rows->front()[0]), actor.role);
}

}  // namespace

namespace {

Result<std::vector<security::Consent>> consents_where(store::Connection& in, const std::string& condition,
                                                      const std::string& value) {
  const Result<store::Rows> rows = in.query(
      "SELECT id, scopes, purpose, from_us, until_us, withdrawn_us, text_version, on_paper, recorded_by, "
      "person FROM consent WHERE " +
          condition + " ORDER BY id",
      value);
  if (!rows) return tl::make_unexpected(rows.error());
  std::vector<security::Consent> out;
  for (const store::Row& row : *rows) {
    security::Consent one;
    one.id = text_of(row[0]);
    one.person = text_of(row[9]);
    for (const Json& name : Json::parse(text_of(row[1]), nullptr, false)) {
      if (const auto scope = security::scope_named(name.is_string() ? name.get<std::string>() : ""))
        one.scopes = one.scopes.with(*scope);
    }
    one.purpose = text_of(row[2]);
    one.from = time_of_us(std::get<std::int64_t>(row[3]));
    one.until = optional_time(row[4]);
    one.withdrawn = optional_time(row[5]);
    one.template_version = text_of(row[6]);
    one.on_paper = std::get<std::int64_t>(row[7]) != 0;
    one.recorded_by = text_of(row[8]);
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

Result<std::vector<security::Consent>> consents_of(store::Connection& in, std::string_view person) {
  return consents_where(in, "person = $1", std::string{person});
}

namespace {

using ConsentsByPerson = std::map<std::string, std::vector<security::Consent>>;

Result<ConsentsByPerson> by_person(Result<std::vector<security::Consent>> all) {
  if (!all) return tl::make_unexpected(all.error());
  ConsentsByPerson out;
  for (security::Consent& one : *all) out[one.person].push_back(std::move(one));
  return out;
}

Result<bool> research_approved(store::Connection& in) {
  const Result<store::Rows> site = in.query("SELECT research_approved FROM site WHERE id = 1");
  if (!site) return tl::make_unexpected(site.error());
  return !site->empty() && std::get<std::int64_t>(site->front()[0]) != 0;
}

}  // namespace

Result<std::map<std::string, std::vector<security::Consent>>> consents_of_team(store::Connection& in,
                                                                               const std::string& team) {
  return by_person(consents_where(in,
                                  "person IN (SELECT m.person FROM member m JOIN person p ON p.id = m.person "
                                  "JOIN team t ON t.id = m.team WHERE m.team = $1 AND p.simulated = "
                                  "t.simulated)",
                                  team));
}

Result<KnownSubject> subject_of(store::Connection& in, const security::Actor& actor,
                                std::string_view person) {
  KnownSubject out;
  out.person = person;
  if (!is_id(person)) return out;
  if (actor.person == person) {
    out.relation = actor.role == Role::device        ? Relation::device
                   : actor.role == Role::participant ? Relation::self
                                                     : Relation::none;
  } else {
    const Result<Relation> relation = care_of(in, actor, person);
    if (!relation) return tl::make_unexpected(relation.error());
    out.relation = *relation;
  }
  Result<std::vector<security::Consent>> consents = consents_of(in, person);
  if (!consents) return tl::make_unexpected(consents.error());
  out.consents = std::move(*consents);
  const Result<bool> approved = research_approved(in);
  if (!approved) return tl::make_unexpected(approved.error());
  out.research_approved = *approved;
  return out;
}

Result<std::vector<KnownSubject>> subjects_of(store::Connection& in, const security::Actor& actor) {
  std::vector<KnownSubject> out;
  if (actor.role == Role::participant || actor.role == Role::device) {
    if (!actor.person) return out;
    Result<KnownSubject> self = subject_of(in, actor, *actor.person);
    if (!self) return tl::make_unexpected(self.error());
    out.push_back(std::move(*self));
    return out;
  }
  const Result<store::Rows> rows = in.query(
      "SELECT c.person, c.kind FROM care c JOIN person p ON p.id = c.person JOIN account a ON a.id = "
      "c.account WHERE c.account = $1 AND p.simulated = a.simulated ORDER BY c.person",
      actor.user);
  if (!rows) return tl::make_unexpected(rows.error());
  Result<ConsentsByPerson> consents =
      by_person(consents_where(in, "person IN (SELECT person FROM care WHERE account = $1)", actor.user));
  if (!consents) return tl::make_unexpected(consents.error());
  const Result<bool> approved = research_approved(in);
  if (!approved) return tl::make_unexpected(approved.error());
  out.reserve(rows->size());
  for (const store::Row& row : *rows) {
    const std::string person = text_of(row[0]);
    out.push_back(
        {person, relation_by(text_of(row[1]), actor.role), std::move((*consents)[person]), *approved});
  }
  return out;
}

Result<bool> leads(store::Connection& in, const std::string& account, std::string_view table,
                   const std::string& id) {
  if (!is_id(id)) return false;
  const auto rows = in.query(table == "team" ? "SELECT team FROM team_lead WHERE account = $1 AND team = $2"
                                             : "SELECT l.team FROM team_lead l JOIN team t ON l.team = t.id "
                                               "WHERE l.account = $1 AND t.organisation = $2",
                             account, id);
  if (!rows) return tl::make_unexpected(rows.error());
  return !rows->empty();
}

Reach reach_of(const security::Actor& actor, std::string_view column) {
  const std::string name{column};
  if (actor.role == Role::participant || actor.role == Role::device)
    return {name + " = $", store::Value{actor.person.value_or("00000000-0000-0000-0000-000000000000")}};
  // Asked row by row, in the order of the page: by IN a database may gather and sort everybody's rows for one
  // page.
  return {"EXISTS (SELECT 1 FROM care WHERE care.account = $ AND care.person = " + name + ")",
          store::Value{actor.user}};
}

}  // namespace pyro::archive
