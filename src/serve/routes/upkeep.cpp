// Backups, and how the machine and the site are: the administrator's. And what a sign-in page may know before
// anybody has signed in.
#include <filesystem>

#include "../backups.hpp"
#include "../office.hpp"

namespace pyro::serve {
namespace {

tl::unexpected<Problem> not_here() {
  return problem(409, "not-here",
                 "This site keeps its data in PostgreSQL, whose own tools make its backups (pg_dump).");
}

Json backup_json(const Backup& one) {
  return {{"name", one.name},
          {"bytes", one.bytes},
          {"made", utc_text(one.made)},
          {"verified", one.verified ? Json(*one.verified) : Json()}};
}

Answer list_backups(Office& office, Call&) {
  const auto all = office.backups.list();
  if (!all) return trouble(all);
  Json rows = Json::array();
  for (const Backup& one : *all) rows.push_back(backup_json(one));
  const auto running = office.backups.running(), error = office.backups.last_error();
  return json_response(200, {{"rows", rows},
                             {"next", nullptr},
                             {"running", running ? Json(*running) : Json()},
                             {"error", error ? Json(*error) : Json()}});
}

Answer make_backup(Office& office, Call& call) {
  if (!office.backups.possible()) return not_here();
  // In the log first: a backup that nobody asked for must not exist.
  Answer noted = write(office, call, [](store::Connection&) -> Answer { return nothing(); });
  if (!noted) return noted;
  const auto begun = office.backups.begin(call.now);
  if (!begun) return trouble(begun);
  if (!*begun)
    return problem(409, "runs-already", "A backup is being made already; wait until it has ended.");
  return json_response(202, {{"name", **begun}});
}

Answer remove_backup(Office& office, Call& call) {
  const std::string name = call.text("backup");
  return write(
      office, call,
      [&](store::Connection&) -> Answer {
        const auto gone = office.backups.remove(name);
        if (!gone) return trouble(gone);
        return *gone ? Answer{nothing()} : Answer{no_such()};
      },
      name);
}

Result<std::int64_t> count(store::Connection& in, const char* sql) {
  const auto rows = in.query(sql);
  if (!rows) return tl::make_unexpected(rows.error());
  const auto* number = std::get_if<std::int64_t>(&rows->front()[0]);
  return number == nullptr ? 0 : *number;
}

Answer get_status(Office& office, Call& call) {
  const SiteFacts& facts = office.facts;
  Json database{{"kind", facts.postgresql ? "postgresql" : "sqlite"}, {"bytes", nullptr}};
  std::error_code error;
  if (facts.postgresql) {
    std::int64_t bytes = 0;
    const Status asked = office.database.read([&](store::Connection& in) -> Status {
      const auto size = count(in, "SELECT pg_database_size(current_database())");
      if (!size) return tl::make_unexpected(size.error());
      bytes = *size;
      return {};
    });
    if (!asked) return tl::make_unexpected(problem_of(asked.error()));
    database["bytes"] = bytes;
  } else {
    std::int64_t bytes = 0;
    for (const char* suffix : {"", "-wal"}) {
      const auto size = std::filesystem::file_size(facts.database_file.string() + suffix, error);
      if (!error) bytes += static_cast<std::int64_t>(size);
    }
    database["bytes"] = bytes;
  }
  const auto space = std::filesystem::space(facts.data, error);
  Json disk = error ? Json() : Json{{"free_bytes", space.available}, {"bytes", space.capacity}};
  Json jobs;
  const Status counted = office.database.read([&](store::Connection& in) -> Status {
    const auto queued = count(in, "SELECT COUNT(*) FROM job WHERE state = 'queued'"),
               running = count(in, "SELECT COUNT(*) FROM job WHERE state = 'running'");
    if (!queued) return tl::make_unexpected(queued.error());
    if (!running) return tl::make_unexpected(running.error());
    jobs = {{"queued", *queued}, {"running", *running}, {"workers", facts.job_workers}};
    return {};
  });
  if (!counted) return tl::make_unexpected(problem_of(counted.error()));
  Json last = nullptr;
  if (const auto backups = office.backups.list(); backups && !backups->empty())
    last = backup_json(backups->front());
  const auto up = std::chrono::duration_cast<std::chrono::seconds>(call.now - facts.started);
  return json_response(
      200,
      {{"version", facts.version},
       {"started", utc_text(facts.started)},
       {"uptime_s", up.count()},
       {"disk", disk},
       {"database", database},
       {"model", office.models == nullptr || office.hub == nullptr ? Json() : Json(office.models->meant())},
       {"live", office.hub == nullptr
                    ? Json()
                    : Json{{"sessions", office.hub->figures().sessions}, {"most", facts.most_sessions}}},
       {"jobs", jobs},
       {"connections", office.connections()},
       {"last_backup", last}});
}

// No secret and no name: whether somebody stands before a site that was just set up.
Answer get_welcome(Office& office, Call&) {
  bool waits = false;
  const Status asked = office.database.read([&](store::Connection& in) -> Status {
    const auto settled =
        in.query("SELECT id FROM account WHERE role = 'administrator' AND must_change_password = 0 LIMIT 1");
    if (!settled) return tl::make_unexpected(settled.error());
    waits = settled->empty();
    return {};
  });
  if (!asked) return tl::make_unexpected(problem_of(asked.error()));
  return json_response(200, {{"waits_for_administrator", waits}});
}

}  // namespace

void add_upkeep_routes(Handlers& handlers) {
  handlers["listBackups"] = list_backups;
  handlers["makeBackup"] = make_backup;
  handlers["removeBackup"] = remove_backup;
  handlers["getStatus"] = get_status;
  handlers["getWelcome"] = get_welcome;
}

}  // namespace pyro::serve
