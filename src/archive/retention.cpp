#include "pyro/archive/retention.hpp"

#include <algorithm>
#include <map>

#include "pyro/archive/rows.hpp"

namespace pyro::archive {
namespace {

// Of whom and which rows; both with the time as their one value.
struct Sweeping {
  std::string_view kind, table, people, where;
};
// What refers to others stands first.
constexpr std::array kSweeps{
    Sweeping{"observations", "segment",
             "SELECT s.person, COUNT(*) FROM segment g JOIN session s ON g.session = s.id WHERE "
             "COALESCE(s.ended_us, s.started_us) < $1 GROUP BY s.person",
             "session IN (SELECT id FROM session WHERE COALESCE(ended_us, started_us) < $1)"},
    Sweeping{"images", "dataset_item",
             "SELECT i.person, COUNT(*) FROM dataset_item i JOIN capture c ON i.capture = c.id WHERE "
             "c.created_us < $1 GROUP BY i.person",
             "capture IN (SELECT id FROM capture WHERE created_us < $1)"},
    Sweeping{"images", "capture",
             "SELECT person, COUNT(*) FROM capture WHERE created_us < $1 GROUP BY person", "created_us < $1"},
    Sweeping{"images", "video", "SELECT person, COUNT(*) FROM video WHERE created_us < $1 GROUP BY person",
             "created_us < $1"},
    Sweeping{"notes", "note", "SELECT person, COUNT(*) FROM note WHERE created_us < $1 GROUP BY person",
             "created_us < $1"},
    Sweeping{"notes", "keyword", "SELECT person, COUNT(*) FROM keyword WHERE created_us < $1 GROUP BY person",
             "created_us < $1"},
    Sweeping{"responses", "response",
             "SELECT person, COUNT(*) FROM response WHERE created_us < $1 GROUP BY person",
             "created_us < $1"}};

}  // namespace

Result<std::vector<RetentionRule>> retention_of(store::Connection& in) {
  const auto rows = in.query("SELECT kind, days FROM retention ORDER BY kind");
  if (!rows) return tl::make_unexpected(rows.error());
  std::vector<RetentionRule> out;
  for (const store::Row& row : *rows)
    out.push_back({std::get<std::string>(row[0]), std::get<std::int64_t>(row[1])});
  return out;
}

Status keep_retention(store::Connection& in, const std::vector<RetentionRule>& rules, UtcTime now) {
  std::map<std::string, std::int64_t> days;
  for (const RetentionRule& rule : rules) {
    if (std::ranges::find(kRetentionKinds, rule.kind) == kRetentionKinds.end())
      return bad_input("there is nothing called \"" + rule.kind + "\" to keep for a time");
    if (rule.days < 1) return bad_input(rule.kind + ": at least 1 day");
    if (!days.emplace(rule.kind, rule.days).second) return bad_input(rule.kind + " stands twice");
  }
  if (const auto gone = in.change("DELETE FROM retention"); !gone) return tl::make_unexpected(gone.error());
  for (const auto& [kind, many] : days) {
    if (const auto row = insert(in, kRetention, {{"kind", kind}, {"days", many}}, now); !row)
      return tl::make_unexpected(row.error());
  }
  return {};
}

Result<std::vector<Swept>> sweep(store::Connection& in, UtcTime now) {
  const auto rules = retention_of(in);
  if (!rules) return tl::make_unexpected(rules.error());
  std::map<std::pair<std::string, std::string>, std::int64_t> gone;
  for (const RetentionRule& rule : *rules) {
    const std::int64_t before = us_of(now - std::chrono::days{rule.days});
    for (const Sweeping& one : kSweeps) {
      if (one.kind != rule.kind) continue;
      const auto people = in.query(one.people, before);
      if (!people) return tl::make_unexpected(people.error());
      if (people->empty()) continue;
      for (const store::Row& row : *people)
        gone[{rule.kind, std::get<std::string>(row[0])}] += std::get<std::int64_t>(row[1]);
      const auto deleted =
          in.change("DELETE FROM " + std::string{one.table} + " WHERE " + std::string{one.where}, before);
      if (!deleted) return tl::make_unexpected(deleted.error());
    }
  }
  std::vector<Swept> out;
  out.reserve(gone.size());
  for (const auto& [what, rows] : gone) out.push_back({what.first, what.second, rows});
  return out;
}

}  // namespace pyro::archive
