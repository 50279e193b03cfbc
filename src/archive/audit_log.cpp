#include "pyro/archive/audit_log.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

#include "digest_value.hpp"
#include "pyro/archive/rows.hpp"

namespace pyro::archive {
namespace {

using security::AuditEntry;

constexpr std::string_view kAuditColumns =
    "number, at_us, actor, role, action, resource, subject, outcome, request_id, detail, previous, hash";
constexpr std::size_t kMostTogether = 500;

AuditEntry entry_of(const store::Row& row) {
  const auto text = [&](std::size_t at) { return std::get<std::string>(row[at]); };
  return {std::get<std::int64_t>(row[0]),
          time_of_us(std::get<std::int64_t>(row[1])),
          text(2),
          text(3),
          text(4),
          text(5),
          text(6),
          text(7),
          text(8),
          text(9),
          digest_of(row[10]),
          digest_of(row[11])};
}

store::Row row_of(const AuditEntry& entry) {
  using store::Value;
  return {Value{entry.number},
          Value{us_of(entry.at)},
          Value{entry.actor},
          Value{entry.role},
          Value{entry.action},
          Value{entry.resource},
          Value{entry.subject},
          Value{entry.outcome},
          Value{entry.request_id},
          Value{entry.detail},
          Value{blob_of(entry.previous)},
          Value{blob_of(entry.hash)}};
}

// Texts that come from a request are cut and rid of NUL, which no database keeps.
void tidy(AuditEntry& entry) {
  for (std::string* text : {&entry.actor, &entry.role, &entry.action, &entry.resource, &entry.subject,
                            &entry.outcome, &entry.request_id, &entry.detail}) {
    if (text->size() > 300) text->resize(300);
    std::ranges::replace(*text, '\0', ' ');
  }
}

struct Waiting {
  AuditEntry entry;
  std::promise<Status> kept;
};

}  // namespace

struct AuditLog::Impl {
  Impl(store::Database& which, const std::array<std::uint8_t, 32>& secret)
      : database(which), key(secret), writer([this](const std::stop_token& stop) { write(stop); }) {}
  ~Impl() {
    writer.request_stop();
    wake.notify_all();
  }

  Status append_all(store::Connection& to, std::vector<AuditEntry> entries) {
    const Result<store::Rows> rows =
        to.query("SELECT " + std::string{kAuditColumns} + " FROM audit ORDER BY number DESC LIMIT 1");
    if (!rows) return tl::make_unexpected(rows.error());
    std::optional<AuditEntry> last;
    if (!rows->empty()) last = entry_of(rows->front());
    std::vector<store::Row> fresh;
    for (AuditEntry& entry : entries) {
      tidy(entry);
      // As the database will give it back: without what lies below a microsecond.
      last = security::next_entry(last ? &*last : nullptr, std::move(entry), key);
      fresh.push_back(row_of(*last));
    }
    return to.insert("audit", kAuditColumns, fresh);
  }

  void write(const std::stop_token& stop) {
    while (true) {
      std::vector<Waiting> batch;
      {
        std::unique_lock lock{mutex};
        wake.wait(lock, [&] { return stop.stop_requested() || !waiting.empty(); });
        if (waiting.empty()) return;
        while (!waiting.empty() && batch.size() < kMostTogether) {
          batch.push_back(std::move(waiting.front()));
          waiting.pop_front();
        }
      }
      std::vector<AuditEntry> entries;
      entries.reserve(batch.size());
      for (const Waiting& one : batch) entries.push_back(one.entry);
      const Status kept = database.write([&](store::Connection& to) { return append_all(to, entries); });
      for (Waiting& one : batch) one.kept.set_value(kept);
    }
  }

  store::Database& database;
  std::array<std::uint8_t, 32> key;
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<Waiting> waiting;
  std::jthread writer;  // last: it uses all the others
};

AuditLog::AuditLog(store::Database& database, const std::array<std::uint8_t, 32>& key)
    : impl_(std::make_unique<Impl>(database, key)) {}
AuditLog::~AuditLog() = default;

Status AuditLog::append(store::Connection& to, AuditEntry what) {
  return impl_->append_all(to, {std::move(what)});
}

Status AuditLog::record(AuditEntry what) {
  std::future<Status> kept;
  {
    const std::lock_guard lock{impl_->mutex};
    impl_->waiting.push_back({std::move(what), {}});
    kept = impl_->waiting.back().kept.get_future();
  }
  impl_->wake.notify_one();
  return kept.get();
}

Result<std::vector<AuditEntry>> AuditLog::newest(store::Connection& in, const Query& query) {
  std::string where = " WHERE 1 = 1";
  std::vector<store::Value> values;
  if (!query.subject.empty()) {
    values.emplace_back(query.subject);
    where += " AND subject = $" + std::to_string(values.size());
  }
  if (query.before > 0) {
    values.emplace_back(query.before);
    where += " AND number < $" + std::to_string(values.size());
  }
  const Result<store::Rows> rows = in.query("SELECT " + std::string{kAuditColumns} + " FROM audit" + where +
                                                " ORDER BY number DESC LIMIT " + std::to_string(query.limit),
                                            std::span<const store::Value>(values));
  if (!rows) return tl::make_unexpected(rows.error());
  std::vector<AuditEntry> out;
  for (const store::Row& row : *rows) out.push_back(entry_of(row));
  return out;
}

Result<security::AuditAnchor> AuditLog::verify(std::optional<security::AuditAnchor> kept) {
  security::AuditVerifier verifier(impl_->key, kept);
  std::int64_t after = 0;
  while (true) {
    std::vector<AuditEntry> page;
    const Status read = impl_->database.read([&](store::Connection& in) -> Status {
      page.clear();
      const Result<store::Rows> rows = in.query(
          "SELECT " + std::string{kAuditColumns} + " FROM audit WHERE number > $1 ORDER BY number LIMIT 5000",
          after);
      if (!rows) return tl::make_unexpected(rows.error());
      for (const store::Row& row : *rows) page.push_back(entry_of(row));
      return {};
    });
    if (!read) return tl::make_unexpected(read.error());
    for (const AuditEntry& entry : page) {
      if (Status good = verifier.take(entry); !good) return tl::make_unexpected(good.error());
      after = entry.number;
    }
    if (page.empty()) return verifier.finish();
  }
}

}  // namespace pyro::archive
