#include "database.hpp"

#include <algorithm>
#include <random>
#include <thread>

#include "../fault.hpp"

namespace pyro::store {
namespace postgres {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kPatience{kPatienceMs};
constexpr milliseconds kPatienceWithOthers{10'000};  // transactions that stand in each other's way
constexpr milliseconds kLongestPause{200};

// Longer with every try, and by chance, so that two that collided do not meet again.
milliseconds pause_before(int attempt) {
  thread_local std::minstd_rand chance{std::random_device{}()};
  const auto most = std::min<std::int64_t>(kLongestPause.count(), std::int64_t{2} << std::min(attempt, 10));
  return milliseconds(std::uniform_int_distribution<std::int64_t>(most / 2, most)(chance));
}

bool asks_again(const Error& error) {
  const std::string_view state = sqlstate_of(error);
  return state == "40001" || state == "40P01";
}

bool is_away(const Error& error) {
  const std::string_view state = sqlstate_of(error);
  return (state.starts_with("08") && state != "08007" && state != "08P01") || state.starts_with("57P") ||
         state == "53300";
}

// "cached plan must not change result type": what was prepared is older than the table's columns.
bool is_outdated(const Error& error) {
  return sqlstate_of(error) == "0A000" && error.context.find("cached plan") != std::string::npos;
}

}  // namespace

Result<std::unique_ptr<Database>> PostgresDatabase::open(const std::string& address, int connections) {
  if (connections < 1) return wrong_use("at least 1 connection is needed");
  std::unique_ptr<PostgresDatabase> database(new PostgresDatabase(address, connections));
  Result<std::unique_ptr<Session>> first = Session::open(address);
  if (!first) return tl::make_unexpected(first.error());
  const int version = (*first)->version();
  database->description_ = (*first)->is_cockroach() ? "postgresql (CockroachDB)"
                                                    : "postgresql " + std::to_string(version / 10000) + "." +
                                                          std::to_string(version % 10000);
  database->idle_.push_back(std::move(*first));
  return std::unique_ptr<Database>(std::move(database));
}

std::string PostgresDatabase::describe() const {
  return description_;
}

Status PostgresDatabase::read(const Work& work) {
  return transact(Kind::read, work);
}

Status PostgresDatabase::write(const Work& work) {
  return transact(Kind::write, work);
}

Status PostgresDatabase::transact(Kind kind, const Work& work) {
  std::optional<Clock::time_point> failed_since;
  for (int attempt = 0;; ++attempt) {
    const Clock::time_point begun = Clock::now();
    Ended ended = try_once(kind, work);
    if (!ended.again) return std::move(ended.result);
    // A work that ran long before it failed has its tries; time spent on connecting in vain is waiting
    // already.
    if (!failed_since) failed_since = ended.unconnected ? begun : Clock::now();
    const milliseconds pause = pause_before(attempt);
    const milliseconds patience = ended.unreachable ? kPatience : kPatienceWithOthers;
    if (Clock::now() + pause - *failed_since > patience) return std::move(ended.result);
    std::this_thread::sleep_for(pause);
  }
}

PostgresDatabase::Ended PostgresDatabase::try_once(Kind kind, const Work& work) {
  Result<std::unique_ptr<Session>> session = borrow();
  if (!session) {
    const bool away = is_away(session.error());
    return {tl::make_unexpected(session.error()), away, away, true};
  }
  // Hands the connection back also where the work throws.
  struct Loan {
    PostgresDatabase& from;
    std::unique_ptr<Session> session;
    ~Loan() {
      if (!session->lost() && session->in_transaction()) static_cast<void>(session->run("ROLLBACK"));
      session->forget_failure();
      from.hand_back(std::move(session));
    }
  } loan{*this, std::move(*session)};
  return run_in(*loan.session, kind, work);
}

PostgresDatabase::Ended PostgresDatabase::run_in(Session& session, Kind kind, const Work& work) {
  const auto judged = [&session](const Error& error) -> Ended {
    const bool away = session.lost() || is_away(error);
    return {tl::make_unexpected(error), away || asks_again(error), away};
  };
  const char* begin = kind == Kind::read ? "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"
                                         : "BEGIN ISOLATION LEVEL SERIALIZABLE";
  if (Status begun = session.run(begin); !begun) return judged(begun.error());
  Status result = work(session);
  if (session.failure() || session.lost()) {
    const Error cause =
        session.failure().value_or(sql_error("08006", "the connection to the PostgreSQL server broke"));
    if (is_outdated(cause)) {
      static_cast<void>(session.run("ROLLBACK"));
      session.forget_statements();
      return {tl::make_unexpected(cause), true, false};
    }
    Ended ended = judged(cause);
    // The work's own words for what went wrong come out; ours only decide whether it is tried again.
    if (!result && !ended.again) ended.result = std::move(result);
    return ended;
  }
  if (!result) return {std::move(result)};
  if (Status committed = session.commit(); !committed && kind == Kind::write) {
    if (fault_of(committed.error()) == Fault::unknown) return {std::move(committed)};
    return judged(committed.error());
  }
  return {};
}

Result<std::unique_ptr<Session>> PostgresDatabase::borrow() {
  std::unique_lock lock(mutex_);
  if (!returned_.wait_for(lock, kPatience, [this] { return free_ > 0; }))
    return tl::make_unexpected(
        sql_error("53300", "every connection to the database is in use; try again later"));
  --free_;
  if (!idle_.empty()) {
    std::unique_ptr<Session> session = std::move(idle_.back());
    idle_.pop_back();
    return session;
  }
  lock.unlock();
  Result<std::unique_ptr<Session>> session = Session::open(address_);
  if (!session) hand_back(nullptr);
  return session;
}

void PostgresDatabase::hand_back(std::unique_ptr<Session> session) {
  std::vector<std::unique_ptr<Session>> dead;  // closed without the lock
  {
    const std::lock_guard lock(mutex_);
    ++free_;
    if (session && !session->lost()) {
      idle_.push_back(std::move(session));
    } else if (session) {
      // Where one broke, the others most likely did too.
      dead = std::move(idle_);
      idle_.clear();
    }
  }
  returned_.notify_one();
}

Result<std::vector<std::string>> check(PostgresDatabase& database) {
  std::vector<std::string> faults;
  const Status done = database.read([&faults](Connection& connection) -> Status {
    faults.clear();
    const auto ask = [&](std::string_view sql) -> Status {
      const Result<Rows> rows = connection.query(sql);
      if (!rows) return tl::make_unexpected(rows.error());
      for (const Row& row : *rows) faults.push_back(std::get<std::string>(row[0]));
      return {};
    };
    if (Status asked =
            ask("SELECT 'index ' || c.relname || ' is not valid' FROM pg_index i "
                "JOIN pg_class c ON c.oid = i.indexrelid WHERE NOT i.indisvalid OR NOT i.indisready");
        !asked)
      return asked;
    if (Status asked = ask("SELECT 'constraint ' || conname || ' was never checked' FROM pg_constraint WHERE "
                           "NOT convalidated");
        !asked)
      return asked;
    return ask(
        "SELECT CAST(checksum_failures AS TEXT) || ' pages failed their checksum' FROM pg_stat_database "
        "WHERE datname = current_database() AND checksum_failures > 0");
  });
  if (!done) return tl::make_unexpected(done.error());
  return faults;
}

}  // namespace postgres

Result<std::unique_ptr<Database>> open_postgresql(const std::string& address, int connections) {
  return postgres::PostgresDatabase::open(address, connections);
}

}  // namespace pyro::store
