#include "pyro/jobs/queue.hpp"

namespace pyro::jobs {
namespace {

using archive::us_of;

template <typename T>
tl::unexpected<Error> error_in(const Result<T>& result) {
  return tl::make_unexpected(result.error());
}

Status free_uploads(store::Connection& in, const std::string& job, Freed& freed) {
  const auto rows = in.query("SELECT id FROM upload WHERE job = $1", job);
  if (!rows) return error_in(rows);
  for (const store::Row& row : *rows) freed.push_back(std::get<std::string>(row[0]));
  if (const auto gone = in.change("DELETE FROM upload WHERE job = $1", job); !gone) return error_in(gone);
  return {};
}

}  // namespace

Result<std::optional<Lease>> Queue::take(std::span<const std::string_view> kinds, UtcTime now, Freed& freed) {
  std::string wanted;
  std::vector<store::Value> values{us_of(now)};
  for (const std::string_view kind : kinds) {
    values.emplace_back(std::string{kind});
    wanted += (wanted.empty() ? "$" : ", $") + std::to_string(values.size());
  }
  const std::string sql =
      "SELECT id, version, kind, account, person, request, attempts, cancel FROM job WHERE (state = 'queued' "
      "OR "
      "(state = 'running' AND leased_until_us < $1)) AND kind IN (" +
      wanted + ") ORDER BY id LIMIT 8";
  // Most of the time there is nothing: a look does not wait for whoever writes.
  bool any = false;
  const Status looked = database_.read([&](store::Connection& in) -> Status {
    const auto rows = in.query(sql, std::span<const store::Value>(values));
    if (!rows) return error_in(rows);
    any = !rows->empty();
    return {};
  });
  if (!looked) return tl::make_unexpected(looked.error());
  if (!any) return std::nullopt;

  std::optional<Lease> lease;
  Freed ended;
  const Status done = database_.write([&](store::Connection& in) -> Status {
    lease.reset();
    ended.clear();
    const auto rows = in.query(sql, std::span<const store::Value>(values));
    if (!rows) return error_in(rows);
    for (const store::Row& row : *rows) {
      const std::string id = std::get<std::string>(row[0]);
      const auto version = std::get<std::int64_t>(row[1]), attempts = std::get<std::int64_t>(row[6]);
      const bool cancel = std::get<std::int64_t>(row[7]) != 0;
      if (cancel || attempts >= kMostAttempts) {
        const auto over = in.change(
            "UPDATE job SET state = $1, error = $2, result = NULL, leased_until_us = NULL, version = version "
            "+ 1, "
            "updated_us = $3 WHERE id = $4 AND version = $5",
            std::string{cancel ? "cancelled" : "failed"},
            cancel ? store::Value{}
                   : store::Value{std::string{
                         "It was begun three times and came to no end; smaller inputs may."}},
            us_of(now), id, version);
        if (!over) return error_in(over);
        if (*over == 1) {
          if (Status away = free_uploads(in, id, ended); !away) return away;
        }
        continue;
      }
      const auto taken = in.change(
          // What a held job had come to stays to be looked at until its next attempt tells more.
          "UPDATE job SET state = 'running', progress = CASE WHEN attempts = 0 THEN progress ELSE 0 END, "
          "result = CASE WHEN attempts = 0 THEN result ELSE NULL END, attempts = attempts + 1, "
          "leased_until_us = $1, "
          "version = version + 1, updated_us = $2 "
          "WHERE id = $3 AND version = $4",
          us_of(now + lease_), us_of(now), id, version);
      if (!taken) return error_in(taken);
      if (*taken == 0) continue;  // another worker was faster
      lease = Lease{id,
                    std::get<std::string>(row[2]),
                    std::get<std::string>(row[3]),
                    std::nullopt,
                    Json::parse(std::get<std::string>(row[5]), nullptr, false),
                    attempts + 1};
      if (const auto* person = std::get_if<std::string>(&row[4])) lease->person = *person;
      return {};
    }
    return {};
  });
  if (!done) return tl::make_unexpected(done.error());
  freed.insert(freed.end(), ended.begin(), ended.end());
  return lease;
}

Result<Word> Queue::look(const Lease& lease) {
  Word word = Word::lost;
  const Status done = database_.read([&](store::Connection& in) -> Status {
    word = Word::lost;
    const auto rows = in.query("SELECT cancel FROM job WHERE id = $1 AND attempts = $2 AND state = 'running'",
                               lease.job, lease.attempt);
    if (!rows) return error_in(rows);
    if (!rows->empty()) word = std::get<std::int64_t>(rows->front()[0]) != 0 ? Word::cancel : Word::go_on;
    return {};
  });
  if (!done) return tl::make_unexpected(done.error());
  return word;
}

Result<Word> Queue::beat(const Lease& lease, double progress, UtcTime now,
                         const std::optional<Json>& so_far) {
  bool ours = false;
  const Status done = database_.write([&](store::Connection& in) -> Status {
    const auto kept = in.change(
        "UPDATE job SET progress = $1, leased_until_us = $2, result = COALESCE($3, result), version = "
        "version "
        "+ 1, updated_us = $4 WHERE id = $5 AND attempts = $6 AND state = 'running'",
        progress, us_of(now + lease_),
        so_far ? store::Value{so_far->dump(-1, ' ', false, Json::error_handler_t::replace)} : store::Value{},
        us_of(now), lease.job, lease.attempt);
    if (!kept) return error_in(kept);
    ours = *kept == 1;
    return {};
  });
  if (!done) return tl::make_unexpected(done.error());
  return ours ? look(lease) : Result<Word>{Word::lost};
}

Result<bool> Queue::end(const Lease& lease, std::string_view state, const std::optional<Json>& result,
                        std::string_view sentence, UtcTime now, Freed& freed, const Allowed& allowed) {
  bool ours = false;
  Freed ended;
  const Status done = database_.write([&](store::Connection& in) -> Status {
    ended.clear();
    std::string how{state}, why{sentence};
    bool kept = result.has_value();
    if (allowed) {
      const Result<std::string> refused = allowed(in);
      if (!refused) return error_in(refused);
      if (!refused->empty()) {
        how = "cancelled";
        why = *refused;
        kept = false;
      }
    }
    const auto changed = in.change(
        "UPDATE job SET state = $1, result = $2, error = $3, progress = CASE WHEN $4 = 1 THEN 1 ELSE "
        "progress END, leased_until_us = NULL, "
        "version = version + 1, updated_us = $5 WHERE id = $6 AND attempts = $7 AND state = 'running'",
        how,
        kept ? store::Value{result->dump(-1, ' ', false, Json::error_handler_t::replace)} : store::Value{},
        why.empty() ? store::Value{} : store::Value{why}, std::int64_t{kept ? 1 : 0}, us_of(now), lease.job,
        lease.attempt);
    if (!changed) return error_in(changed);
    ours = *changed == 1;
    return ours ? free_uploads(in, lease.job, ended) : Status{};
  });
  if (!done) return tl::make_unexpected(done.error());
  freed.insert(freed.end(), ended.begin(), ended.end());
  return ours;
}

Result<bool> Queue::finish(const Lease& lease, const Json& result, UtcTime now, Freed& freed,
                           const Allowed& allowed) {
  return end(lease, "done", result, {}, now, freed, allowed);
}
Result<bool> Queue::fail(const Lease& lease, std::string_view sentence, UtcTime now, Freed& freed) {
  return end(lease, "failed", std::nullopt, sentence, now, freed);
}
Result<bool> Queue::cancelled(const Lease& lease, std::string_view sentence, UtcTime now, Freed& freed) {
  return end(lease, "cancelled", std::nullopt, sentence, now, freed);
}

Result<bool> Queue::give_back(const Lease& lease, bool counts, UtcTime now) {
  bool ours = false;
  const Status done = database_.write([&](store::Connection& in) -> Status {
    const auto changed = in.change(
        "UPDATE job SET state = 'queued', progress = 0, result = NULL, attempts = attempts - $1, "
        "leased_until_us = NULL, "
        "version = version + 1, updated_us = $2 "
        "WHERE id = $3 AND attempts = $4 AND state = 'running'",
        std::int64_t{counts ? 0 : 1}, us_of(now), lease.job, lease.attempt);
    if (!changed) return error_in(changed);
    ours = *changed == 1;
    return {};
  });
  if (!done) return tl::make_unexpected(done.error());
  return ours;
}

Result<std::optional<Json>> add_job(store::Connection& in, const Json& fields,
                                    std::span<const std::string> uploads, UtcTime now) {
  Json row = fields;
  row.update({{"state", "queued"}, {"progress", 0.0}, {"attempts", 0}, {"cancel", false}});
  Result<Json> made = archive::insert(in, archive::kJob, row, now);
  if (!made) return error_in(made);
  const std::string job = made->at("id"), account = made->at("account");
  for (const std::string& upload : uploads) {
    const auto bound = in.change(
        "UPDATE upload SET job = $1, version = version + 1, updated_us = $2 WHERE id = $3 AND account = $4 "
        "AND job IS NULL AND received IS NULL",
        job, us_of(now), upload, account);
    if (!bound) return error_in(bound);
    if (*bound != 1) return std::nullopt;
  }
  return std::optional<Json>{std::move(*made)};
}

Result<std::optional<Json>> cancel_job(store::Connection& in, const std::string& job, UtcTime now,
                                       Freed& freed) {
  const auto waiting = in.change(
      "UPDATE job SET state = 'cancelled', cancel = 1, result = NULL, version = version + 1, updated_us = $1 "
      "WHERE id = $2 AND state IN ('queued', 'paused')",
      us_of(now), job);
  if (!waiting) return error_in(waiting);
  if (*waiting == 1) {
    if (Status done = free_uploads(in, job, freed); !done) return tl::make_unexpected(done.error());
  } else {
    const auto asked = in.change(
        "UPDATE job SET cancel = 1, version = version + 1, updated_us = $1 WHERE id = $2 AND state = "
        "'running' AND cancel = 0",
        us_of(now), job);
    if (!asked) return error_in(asked);
  }
  return archive::find(in, archive::kJob, job);
}

Result<bool> pause_job(store::Connection& in, const std::string& job, UtcTime now) {
  const auto held = in.change(
      "UPDATE job SET state = 'paused', leased_until_us = NULL, version = version + 1, updated_us = $1 WHERE "
      "id = $2 AND state IN ('queued', 'running') AND cancel = 0",
      us_of(now), job);
  if (!held) return error_in(held);
  return *held == 1;
}

Result<bool> resume_job(store::Connection& in, const std::string& job, UtcTime now) {
  const auto queued = in.change(
      "UPDATE job SET state = 'queued', attempts = 0, version = version + 1, updated_us = $1 WHERE id = $2 "
      "AND "
      "state = 'paused'",
      us_of(now), job);
  if (!queued) return error_in(queued);
  return *queued == 1;
}

Status cancel_held(store::Connection& in, UtcTime since, UtcTime now, Freed& freed) {
  const auto rows = in.query("SELECT id FROM job WHERE state = 'paused' AND updated_us < $1", us_of(since));
  if (!rows) return error_in(rows);
  for (const store::Row& row : *rows) {
    if (const auto gone = cancel_job(in, std::get<std::string>(row[0]), now, freed); !gone)
      return error_in(gone);
  }
  return {};
}

Result<bool> remove_job(store::Connection& in, const std::string& job, Freed& freed) {
  if (Status done = free_uploads(in, job, freed); !done) return tl::make_unexpected(done.error());
  return archive::remove(in, archive::kJob, job);
}

}  // namespace pyro::jobs
