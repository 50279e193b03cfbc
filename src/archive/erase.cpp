#include "pyro/archive/person_file.hpp"

namespace pyro::archive {
namespace {

Status gone(store::Connection& in, std::map<std::string, std::int64_t>& counts, const std::string& table,
            const std::string& where, const std::string& value) {
  const auto deleted = in.change("DELETE FROM " + table + " WHERE " + where, value);
  if (!deleted) return tl::make_unexpected(deleted.error());
  if (*deleted > 0) counts[table] += *deleted;
  return {};
}

}  // namespace

Result<std::map<std::string, std::int64_t>> erase_person(store::Connection& in, const std::string& person) {
  std::map<std::string, std::int64_t> counts;
  struct Step {
    std::string table, where;
  };
  std::vector<Step> steps{{"segment", "session IN (SELECT id FROM session WHERE person = $1)"}};
  steps.push_back({"upload", "job IN (SELECT id FROM job WHERE person = $1)"});
  steps.push_back({"upload", "account IN (SELECT id FROM account WHERE person = $1)"});
  // From the back: those that refer to others go before them.
  const auto tables = all_tables();
  for (auto at = tables.rbegin(); at != tables.rend(); ++at) {
    if ((*at)->owner == Owner::person_column) steps.push_back({std::string{(*at)->name}, "person = $1"});
  }
  for (const char* of_account : {"login", "recovery_code", "api_token"})
    steps.push_back({of_account, "account IN (SELECT id FROM account WHERE person = $1)"});
  steps.push_back({"idempotency", "account IN (SELECT id FROM account WHERE person = $1)"});
  steps.push_back({"team_lead", "account IN (SELECT id FROM account WHERE person = $1)"});
  steps.push_back({"care", "account IN (SELECT id FROM account WHERE person = $1)"});
  steps.push_back({"account", "person = $1"});
  steps.push_back({"person", "id = $1"});
  for (const Step& step : steps) {
    if (Status done = gone(in, counts, step.table, step.where, person); !done)
      return tl::make_unexpected(done.error());
  }
  return counts;
}

Result<bool> erase_session(store::Connection& in, const std::string& session) {
  std::map<std::string, std::int64_t> counts;
  for (const char* table : {"segment", "note", "keyword"}) {
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

}  // namespace pyro::archive
