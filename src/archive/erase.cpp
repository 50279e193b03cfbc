#include "pyro/archive/person_file.hpp"
#include "pyro/archive/simulated.hpp"
#include "pyro/archive/subjects.hpp"

namespace pyro::archive {
namespace {

Status gone(store::Connection& in, std::map<std::string, std::int64_t>& counts, const std::string& table,
            const std::string& where, const store::Value& value) {
  const auto deleted = in.change("DELETE FROM " + table + " WHERE " + where, value);
  if (!deleted) return tl::make_unexpected(deleted.error());
  if (*deleted > 0) counts[table] += *deleted;
  return {};
}

// All that hangs on accounts, and they themselves; `which`: a condition on table account.
Status erase_accounts(store::Connection& in, std::map<std::string, std::int64_t>& counts,
                      const std::string& which, const store::Value& value) {
  for (const char* of_account :
       {"upload", "login", "recovery_code", "api_token", "idempotency", "team_lead", "care"}) {
    if (Status done =
            gone(in, counts, of_account, "account IN (SELECT id FROM account WHERE " + which + ")", value);
        !done)
      return done;
  }
  return gone(in, counts, "account", which, value);
}

}  // namespace

Result<std::map<std::string, std::int64_t>> erase_person(store::Connection& in, const std::string& person) {
  std::map<std::string, std::int64_t> counts;
  struct Step {
    std::string table, where;
  };
  std::vector<Step> steps{{"segment", "session IN (SELECT id FROM session WHERE person = $1)"},
                          {"person_overview", "person = $1"}};
  steps.push_back({"upload", "job IN (SELECT id FROM job WHERE person = $1)"});
  // From the back: those that refer to others go before them.
  const auto tables = all_tables();
  for (auto at = tables.rbegin(); at != tables.rend(); ++at) {
    if ((*at)->owner == Owner::person_column) steps.push_back({std::string{(*at)->name}, "person = $1"});
  }
  for (const Step& step : steps) {
    if (Status done = gone(in, counts, step.table, step.where, person); !done)
      return tl::make_unexpected(done.error());
  }
  if (Status done = erase_accounts(in, counts, "person = $1", person); !done)
    return tl::make_unexpected(done.error());
  if (Status done = gone(in, counts, "person", "id = $1", person); !done)
    return tl::make_unexpected(done.error());
  return counts;
}

Result<bool> erase_session(store::Connection& in, const std::string& session) {
  std::map<std::string, std::int64_t> counts;
  if (Status done =
          gone(in, counts, "person_overview", "person = (SELECT person FROM session WHERE id = $1)", session);
      !done)
    return tl::make_unexpected(done.error());
  for (const char* table : {"segment", "note", "keyword", "video"}) {
    if (Status done = gone(in, counts, table, "session = $1", session); !done)
      return tl::make_unexpected(done.error());
  }
  // What has a life of its own stays, and no longer points at it.
  for (const char* table : {"capture", "response"}) {
    const auto loosened =
        in.change(std::string{"UPDATE "} + table + " SET session = NULL WHERE session = $1", session);
    if (!loosened) return tl::make_unexpected(loosened.error());
  }
  return remove(in, kSession, session);
}

Result<std::map<std::string, std::int64_t>> erase_unconsented(store::Connection& in,
                                                              const std::string& person, UtcTime now) {
  const auto consents = consents_of(in, person);
  if (!consents) return tl::make_unexpected(consents.error());
  std::map<std::string, std::int64_t> counts;
  const auto all_gone = [&](std::initializer_list<std::pair<const char*, const char*>> steps) -> Status {
    for (const auto& [table, where] : steps) {
      if (Status done = gone(in, counts, table, where, person); !done) return done;
    }
    return {};
  };
  if (!security::covers(*consents, security::Scope::store_images, now)) {
    const Status done =
        all_gone({{"dataset_item", "person = $1"},
                  {"capture", "person = $1"},
                  {"video", "person = $1"},
                  {"upload", "job IN (SELECT id FROM job WHERE person = $1 AND kind = 'explain')"},
                  {"job", "person = $1 AND kind = 'explain'"}});
    if (!done) return tl::make_unexpected(done.error());
  }
  if (!security::covers(*consents, security::Scope::store_observations, now)) {
    const auto sessions = in.query("SELECT id FROM session WHERE person = $1 ORDER BY id", person);
    if (!sessions) return tl::make_unexpected(sessions.error());
    for (const store::Row& row : *sessions) {
      const auto erased = erase_session(in, std::get<std::string>(row[0]));
      if (!erased) return tl::make_unexpected(erased.error());
      counts["session"] += 1;
    }
    const Status done =
        all_gone({{"upload", "job IN (SELECT id FROM job WHERE person = $1)"}, {"job", "person = $1"}});
    if (!done) return tl::make_unexpected(done.error());
  }
  return counts;
}

Result<bool> is_simulated(store::Connection& in, const Table& table, std::string_view id) {
  const auto rows =
      in.query("SELECT simulated FROM " + std::string{table.name} + " WHERE id = $1", std::string{id});
  if (!rows) return tl::make_unexpected(rows.error());
  return !rows->empty() && std::get<std::int64_t>(rows->front()[0]) != 0;
}

Result<std::map<std::string, std::int64_t>> erase_simulated(store::Connection& in) {
  std::map<std::string, std::int64_t> counts;
  const auto people = in.query("SELECT id FROM person WHERE simulated = 1 ORDER BY id");
  if (!people) return tl::make_unexpected(people.error());
  for (const store::Row& row : *people) {
    const auto erased = erase_person(in, std::get<std::string>(row[0]));
    if (!erased) return erased;
    for (const auto& [table, rows] : *erased) counts[table] += rows;
  }
  const store::Value yes{std::int64_t{1}};
  // Jobs about nobody; data sets in which nothing of anybody else's lies, with their pictures.
  const std::string datasets =
      "made_by IN (SELECT id FROM account WHERE simulated = $1) AND id NOT IN (SELECT dataset FROM "
      "dataset_item) AND NOT EXISTS (SELECT 1 FROM capture WHERE capture.dataset = dataset.id)";
  const std::string of_datasets = "dataset IN (SELECT id FROM dataset WHERE " + datasets + ")";
  for (const auto& [table, where] : std::initializer_list<std::pair<const char*, std::string>>{
           {"job", "account IN (SELECT id FROM account WHERE simulated = $1)"},
           {"dataset_version", of_datasets},
           {"dataset_picture", of_datasets},
           {"dataset", datasets},
           {"member", "team IN (SELECT id FROM team WHERE simulated = $1)"},
           {"team_lead", "team IN (SELECT id FROM team WHERE simulated = $1)"},
           {"team", "simulated = $1"},
           {"organisation", "simulated = $1"}}) {
    if (Status done = gone(in, counts, table, where, yes); !done) return tl::make_unexpected(done.error());
  }
  if (Status done = erase_accounts(in, counts, "simulated = $1", yes); !done)
    return tl::make_unexpected(done.error());
  const auto demo = in.change("DELETE FROM demo");
  if (!demo) return tl::make_unexpected(demo.error());
  return counts;
}

}  // namespace pyro::archive
