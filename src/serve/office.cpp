#include "office.hpp"

namespace pyro::serve {

security::AuditEntry audit_entry(const Call& call, std::string_view outcome, std::string detail) {
  security::AuditEntry out;
  out.at = call.now;
  out.actor = call.actor.user.empty() ? "nobody" : call.actor.user;
  out.role = call.actor.user.empty() ? "" : std::string{security::role_name(call.actor.role)};
  out.action = call.operation.action.empty() ? call.operation.id : call.operation.action;
  out.resource = call.request.method + " " + call.request.path;
  out.subject = call.subject ? call.person() : "";
  out.outcome = outcome;
  out.request_id = call.request.id;
  out.detail = std::move(detail);
  return out;
}

Response json_response(int status, const Json& body) {
  return {status,
          {{"content-type", "application/json"}, {"cache-control", "no-store"}},
          body.dump(-1, ' ', false, Json::error_handler_t::replace),
          {}};
}

Response row_response(int status, const Json& row) {
  Response out = json_response(status, row);
  out.headers.emplace_back("etag", "\"" + std::to_string(row.at("version").get<std::int64_t>()) + "\"");
  return out;
}

Json page_json(const archive::Page& page) {
  Json next = nullptr;
  if (page.more && !page.rows.empty()) next = page.rows.back().at("id");
  return {{"rows", page.rows}, {"next", next}};
}

std::optional<std::int64_t> wanted_version(const Call& call) {
  const std::string tag = call.text("If-Match");
  if (tag.empty()) return std::nullopt;
  return std::stoll(tag.substr(1, tag.size() - 2));  // the contract has checked its form
}

tl::unexpected<Problem> no_such() {
  return problem(404, "no-such-record", "There is no such record, or it is not yours to see.");
}

tl::unexpected<Problem> refusal(const security::Decision& decision) {
  using security::Reason;
  // Another person's record and one that does not exist get the same answer.
  if (decision.reason == Reason::relation) return no_such();
  const std::string_view slug = decision.reason == Reason::consent    ? "consent-missing"
                                : decision.reason == Reason::mode     ? "not-in-this-mode"
                                : decision.reason == Reason::token    ? "token-scope"
                                : decision.reason == Reason::approval ? "study-not-approved"
                                                                      : "role";
  Problem out{403, std::string{slug}, decision.sentence()};
  if (decision.reason == Reason::consent) {
    Json missing = Json::array();
    for (std::size_t i = 0; i < security::kScopes; ++i) {
      const auto scope = static_cast<security::Scope>(i);
      if (decision.missing.has(scope)) missing.push_back(security::scope_name(scope));
    }
    out.more["missing_consents"] = std::move(missing);
  }
  return tl::make_unexpected(out);
}

namespace {

// Runs `work` in a transaction of either kind; a problem rolls it back and comes out.
Answer within(const std::function<Status(const store::Work&)>& transaction,
              const std::function<Answer(store::Connection&)>& work) {
  std::optional<Answer> answer;
  const Status done = transaction([&](store::Connection& connection) -> Status {
    answer = work(connection);
    if (!*answer) return failed("refused");
    return {};
  });
  if (!answer || (answer->has_value() && !done))
    return tl::make_unexpected(problem_of(done ? Error{} : done.error()));
  return std::move(*answer);
}

}  // namespace

Answer write(Office& office, const Call& call, const std::function<Answer(store::Connection&)>& work,
             const std::string& detail) {
  return within(
      [&](const store::Work& inner) { return office.database.write(inner); },
      [&](store::Connection& connection) -> Answer {
        const std::string key = call.text("Idempotency-Key");
        // The request itself is compared, so that a key that is used again for something else is found out.
        const std::string same =
            key.empty() ? "" : call.operation.id + call.parameters.dump() + call.body.dump();
        if (!key.empty()) {
          const auto before = connection.query(
              "SELECT request, status, body FROM idempotency WHERE account = $1 AND key = $2",
              call.actor.user, key);
          if (!before) return trouble(before);
          if (!before->empty()) {
            if (std::get<std::string>(before->front()[0]) != same)
              return problem(422, "key-used", "This Idempotency-Key was used for another request.");
            Response again =
                json_response(static_cast<int>(std::get<std::int64_t>(before->front()[1])), nullptr);
            again.body = std::get<std::string>(before->front()[2]);
            return again;
          }
        }
        Answer answer = work(connection);
        if (!answer) return answer;
        if (!key.empty()) {
          const auto kept = connection.change(
              "INSERT INTO idempotency (account, key, request, status, body, created_us) VALUES ($1, $2, $3, "
              "$4, $5, $6)",
              call.actor.user, key, same, std::int64_t{answer->status}, answer->body,
              archive::us_of(call.now));
          if (!kept) return trouble(kept);
        }
        if (const Status noted = office.audit.append(connection, audit_entry(call, "allowed", detail));
            !noted)
          return trouble(noted);
        return answer;
      });
}

Answer read(Office& office, const Call& call, const std::function<Answer(store::Connection&)>& work) {
  Answer answer = within([&](const store::Work& inner) { return office.database.read(inner); }, work);
  if (!answer || call.operation.subject.kind == SubjectRule::Kind::nobody) return answer;
  if (const Status noted = office.audit.record(audit_entry(call, "allowed")); !noted) return trouble(noted);
  return answer;
}

Answer list_rows(Office& office, const Call& call, const archive::Table& table,
                 std::vector<std::pair<std::string_view, store::Value>> equal, bool newest_first,
                 const Shown& shown) {
  return read(office, call, [&](store::Connection& in) -> Answer {
    archive::Query query;
    query.equal = equal;
    if (call.subject) {
      query.equal.emplace_back("person", call.person());
    } else if (call.operation.subject.kind == SubjectRule::Kind::listed) {
      if (const std::string named = call.text("person"); !named.empty())
        query.equal.emplace_back("person", named);
      const archive::Reach reach = archive::reach_of(call.actor, std::string{table.name} + ".person");
      query.within = reach.condition;
      query.within_value = reach.value;
    }
    query.after = call.text("after");
    query.limit = static_cast<std::size_t>(call.whole("limit", 50));
    query.newest_first = newest_first;
    Result<archive::Page> page = archive::list(in, table, query);
    if (!page) return trouble(page);
    const std::string last = page->rows.empty() ? "" : page->rows.back().at("id").get<std::string>();
    if (!call.subject && call.operation.subject.kind == SubjectRule::Kind::listed) {
      // In a relation to each of these people; whether this may be read of each is decided person by person.
      std::map<std::string, archive::KnownSubject> known;
      const auto action = *security::action_named(call.operation.action);
      std::optional<Error> error;
      std::erase_if(page->rows, [&](Json& row) {
        const std::string person = row.at("person");
        if (!known.contains(person)) {
          auto subject = archive::subject_of(in, call.actor, person);
          if (!subject) {
            error = subject.error();
            return true;
          }
          known.emplace(person, std::move(*subject));
        }
        const security::Subject about = known.at(person).subject();
        const bool may = security::decide(call.actor, action, &about, call.site.rules, call.now).allowed();
        if (may && shown != nullptr) shown(in, call, about, row);
        return !may;
      });
      if (error) return tl::make_unexpected(problem_of(*error));
    } else if (call.subject && shown != nullptr) {
      for (Json& row : page->rows) shown(in, call, call.subject->subject(), row);
    }
    Json out = page_json(*page);
    if (page->more) out["next"] = last;
    return json_response(200, out);
  });
}

Answer get_row(Office& office, const Call& call, const archive::Table& table, const char* id_parameter,
               const Shown& shown) {
  return read(office, call, [&](store::Connection& in) -> Answer {
    auto row = archive::find(in, table, call.text(id_parameter));
    if (!row) return trouble(row);
    if (!*row) return no_such();
    if (shown != nullptr) shown(in, call, call.subject->subject(), **row);
    return row_response(200, **row);
  });
}

Answer change_row(Office& office, const Call& call, const archive::Table& table, const char* id_parameter,
                  const Shown& shown) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    const auto version = wanted_version(call);
    auto row = archive::update(in, table, call.text(id_parameter), version, call.body, call.now);
    if (!row) return trouble(row);
    if (*row) {
      if (shown != nullptr) shown(in, call, call.subject->subject(), **row);
      return row_response(200, **row);
    }
    const auto there = archive::find(in, table, call.text(id_parameter));
    if (!there) return trouble(there);
    if (!*there) return no_such();
    return problem(412, "changed-meanwhile", "It has been changed since; read it again.");
  });
}

Answer remove_row(Office& office, const Call& call, const archive::Table& table, const char* id_parameter) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    const Result<bool> gone = archive::remove(in, table, call.text(id_parameter));
    if (!gone) return trouble(gone);
    if (!*gone) return no_such();
    return nothing();
  });
}

Answer make_row(Office& office, const Call& call, const archive::Table& table, const Json& more,
                const Shown& shown) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    Json fields = call.body;
    fields.update(more);
    Result<Json> row = archive::insert(in, table, fields, call.now);
    if (!row) return trouble(row);
    if (shown != nullptr) shown(in, call, call.subject->subject(), *row);
    return row_response(201, *row);
  });
}

void say_name(store::Connection& in, Json& row, const char* id, const char* name) {
  row[name] = nullptr;
  if (!row.at(id).is_string()) return;
  const auto account = archive::account_of(in, row.at(id).get<std::string>());
  if (!account || !*account) return;
  row[name] = (*account)->display_name.empty() ? (*account)->name : (*account)->display_name;
}

}  // namespace pyro::serve
