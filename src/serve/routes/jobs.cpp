// Uploads, and the jobs that analyse them. What is computed is another process's
// (apps/pyrometer/serve/worker.cpp); here rows are made and read, and results unsealed on their way out.
#include <spdlog/spdlog.h>

#include "../office.hpp"
#include "new_job.hpp"
#include "pyro/archive/ids.hpp"
#include "pyro/jobs/media.hpp"
#include "pyro/jobs/queue.hpp"

namespace pyro::serve {
namespace {

constexpr std::int64_t kMostUploads = 1000, kMostUploadBytes = 16LL << 30;

// A job about nobody is its own account's alone.
bool is_ours(const Call& call, const Json& row) {
  return !row["person"].is_null() || row["account"] == call.actor.user;
}

Result<std::int64_t> number_in(store::Connection& in, const std::string& sql, const std::string& account) {
  const auto rows = in.query(sql, account);
  if (!rows) return tl::make_unexpected(rows.error());
  const auto* number = std::get_if<std::int64_t>(&rows->front()[0]);
  return number == nullptr ? 0 : *number;
}

Answer send_upload(Office& office, Call& call) {
  std::error_code error;
  const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(call.request.body_file, error));
  if (error) return problem(500, "failed", "Something here failed; the log has it under this request.");
  if (bytes == 0) return problem(422, "empty", "This file is empty.");
  const Result<jobs::Media> media = jobs::media_of_file(call.request.body_file);
  if (!media) return trouble(media);
  if (media->kind == jobs::MediaKind::unknown)
    return problem(
        422, "unknown-media",
        "This is no picture (JPEG, PNG, WebP, BMP), video, table (CSV), zip or tar that this server knows.");
  const std::string id = archive::new_id(call.now);
  // The row first: a file without a row is cleared away.
  Answer answer = write(office, call, [&](store::Connection& in) -> Answer {
    const auto many = number_in(in, "SELECT COUNT(*) FROM upload WHERE account = $1", call.actor.user);
    if (!many) return trouble(many);
    const auto much = number_in(
        in, "SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM upload WHERE account = $1", call.actor.user);
    if (!much) return trouble(much);
    if (*many >= kMostUploads || *much + bytes > kMostUploadBytes)
      return problem(429, "too-many-uploads",
                     "Too much of yours waits already; let jobs end, or remove uploads.");
    const auto row = archive::insert(
        in, archive::kUpload,
        {{"id", id}, {"account", call.actor.user}, {"kind", jobs::media_name(media->kind)}, {"bytes", bytes}},
        call.now);
    if (!row) return trouble(row);
    return json_response(201, {{"id", id},
                               {"kind", jobs::media_name(media->kind)},
                               {"bytes", bytes},
                               {"created", (*row)["created"]}});
  });
  if (!answer) return answer;
  if (const Status sealed =
          security::seal_file(call.request.body_file, office.jobs.upload(id), jobs::job_key(office.secrets));
      !sealed) {
    spdlog::error("request {}: {}", call.request.id, sealed.error().text());
    (void)office.database.write([&](store::Connection& in) -> Status {
      const auto gone = archive::remove(in, archive::kUpload, id);
      return gone ? Status{} : Status{tl::make_unexpected(gone.error())};
    });
    return problem(507, "out-of-space", "The upload could not be kept; the disk may be full.");
  }
  return answer;
}

Answer remove_upload(Office& office, Call& call) {
  const std::string id = call.text("upload");
  Answer answer = write(office, call, [&](store::Connection& in) -> Answer {
    const auto gone =
        in.change("DELETE FROM upload WHERE id = $1 AND account = $2 AND job IS NULL", id, call.actor.user);
    if (!gone) return trouble(gone);
    if (*gone == 0) return no_such();
    return nothing();
  });
  if (answer) office.jobs.remove_uploads({id});
  return answer;
}

Answer list_jobs(Office& office, Call& call) {
  return read(office, call, [&](store::Connection& in) -> Answer {
    archive::Query query;
    if (call.subject) {
      query.equal.emplace_back("person", call.person());
    } else {
      query.equal.emplace_back("account", call.actor.user);
    }
    query.after = call.text("after");
    query.limit = static_cast<std::size_t>(call.whole("limit", 50));
    query.newest_first = true;
    const Result<archive::Page> page = archive::list(in, archive::kJob, query);
    if (!page) return trouble(page);
    Json out = page_json(*page);
    out["rows"] = Json::array();
    const auto action = *security::action_named(call.operation.action);
    for (const Json& row : page->rows) {
      if (!call.subject && !row["person"].is_null()) {
        // Once this account's, but the person may have chosen somebody else since.
        const auto subject = archive::subject_of(in, call.actor, row["person"].get<std::string>());
        if (!subject) return trouble(subject);
        const security::Subject about = subject->subject();
        if (!security::decide(call.actor, action, &about, call.site.rules, call.now).allowed()) continue;
      }
      out["rows"].push_back(shown_job(row));
    }
    return json_response(200, out);
  });
}

Answer get_job(Office& office, Call& call) {
  return read(office, call, [&](store::Connection& in) -> Answer {
    const auto row = archive::find(in, archive::kJob, call.text("job"));
    if (!row) return trouble(row);
    if (!*row || !is_ours(call, **row)) return no_such();
    Response out = row_response(200, shown_job(**row));
    const auto tag =
        std::ranges::find(out.headers, std::string{"etag"}, &std::pair<std::string, std::string>::first);
    if (tag != out.headers.end() && call.text("If-None-Match") == tag->second) {
      out.status = 304;
      out.body.clear();
    }
    return out;
  });
}

Answer cancel_job(Office& office, Call& call) {
  jobs::Freed freed;
  Answer answer = write(office, call, [&](store::Connection& in) -> Answer {
    freed.clear();
    const auto row = archive::find(in, archive::kJob, call.text("job"));
    if (!row) return trouble(row);
    if (!*row || !is_ours(call, **row)) return no_such();
    const auto now = jobs::cancel_job(in, call.text("job"), call.now, freed);
    if (!now) return trouble(now);
    if (!*now) return no_such();
    return row_response(200, shown_job(**now));
  });
  if (answer) office.jobs.remove_uploads(freed);
  return answer;
}

Answer remove_job(Office& office, Call& call) {
  jobs::Freed freed;
  Answer answer = write(office, call, [&](store::Connection& in) -> Answer {
    freed.clear();
    const auto row = archive::find(in, archive::kJob, call.text("job"));
    if (!row) return trouble(row);
    if (!*row || !is_ours(call, **row)) return no_such();
    if ((**row)["state"] == "running")
      return problem(409, "still-running", "This job runs; cancel it first.");
    const auto gone = jobs::remove_job(in, call.text("job"), freed);
    if (!gone) return trouble(gone);
    return nothing();
  });
  if (answer) {
    office.jobs.remove_uploads(freed);
    office.jobs.remove_job(call.text("job"));
  }
  return answer;
}

Answer get_result(Office& office, Call& call) {
  const std::string id = call.text("job"), name = call.text("name");
  std::string type;
  std::int64_t run = 0;
  Answer found = read(office, call, [&](store::Connection& in) -> Answer {
    const auto row = archive::find(in, archive::kJob, id);
    if (!row) return trouble(row);
    if (!*row || !is_ours(call, **row)) return no_such();
    const Json& result = (**row)["result"];
    if ((**row)["state"] != "done" || !result.is_object()) return no_such();
    // The mode counts as it is now, not as it was when this was computed.
    if (result.value("expressions", true) && !security::expressions_allowed(call.site.rules))
      return problem(403, "not-in-this-mode",
                     "This site now shows fatigue and surveys only, and these figures hold expressions; have "
                     "it computed anew.");
    if (call.subject) {
      // These are observations that were kept of somebody, by whatever way they came.
      const security::Subject about = call.subject->subject();
      const auto decision = security::decide(call.actor, security::Action::observations_read, &about,
                                             call.site.rules, call.now);
      if (!decision.allowed() && decision.reason != security::Reason::token) return refusal(decision);
    }
    for (const Json& file : result.value("files", Json::array())) {
      if (file["name"] == name) type = file["type"];
    }
    if (type.empty()) return no_such();
    run = result["run"];
    return nothing();
  });
  if (!found) return found;
  Response out;
  out.file = office.jobs.outgoing(call.request.id);
  const security::SealKey key = jobs::job_key(office.secrets);
  if (const Status opened =
          security::open_file(office.jobs.run(id, run) / name, out.file, std::span{&key, 1});
      !opened) {
    spdlog::error("request {}: {}", call.request.id, opened.error().text());
    return problem(500, "failed", "This result cannot be read; the log has it under this request.");
  }
  out.headers = {{"content-type", type == "text/csv" ? "text/csv; charset=utf-8" : type},
                 {"content-disposition", "attachment; filename=\"" + name + "\""},
                 {"cache-control", "no-store"}};
  return out;
}

}  // namespace

void add_job_routes(Handlers& handlers) {
  handlers["sendUpload"] = send_upload;
  handlers["removeUpload"] = remove_upload;
  handlers["makeJob"] = make_job;
  handlers["listJobs"] = list_jobs;
  handlers["getJob"] = get_job;
  handlers["cancelJob"] = cancel_job;
  handlers["removeJob"] = remove_job;
  handlers["getResult"] = get_result;
}

}  // namespace pyro::serve
