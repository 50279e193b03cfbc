// Jobs. What is computed is another process's
// (apps/pyrometer/serve/worker.cpp); here rows are made and read, and results unsealed on their way out.
#include <spdlog/spdlog.h>

#include "../office.hpp"
#include "new_job.hpp"
#include "pyro/jobs/queue.hpp"

namespace pyro::serve {
namespace {

// A job about nobody is its own account's alone.
bool is_ours(const Call& call, const Json& row) {
  return !row["person"].is_null() || row["account"] == call.actor.user;
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

// Which kind goes on from where it was: others would begin anew.
constexpr const char* kPausable = "train";

Answer hold_job(Office& office, const Call& call, bool pause) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    const std::string id = call.text("job");
    const auto row = archive::find(in, archive::kJob, id);
    if (!row) return trouble(row);
    if (!*row || !is_ours(call, **row)) return no_such();
    if ((**row)["kind"] != kPausable)
      return problem(409, "not-to-be-paused",
                     "Only a training goes on from where it was paused; cancel this job, and ask again.");
    const auto changed = pause ? jobs::pause_job(in, id, call.now) : jobs::resume_job(in, id, call.now);
    if (!changed) return trouble(changed);
    if (!*changed)
      return pause ? problem(409, "not-running", "It neither waits nor runs, so it cannot be paused.")
                   : problem(409, "not-paused", "It is not paused.");
    const auto now = archive::find(in, archive::kJob, id);
    if (!now) return trouble(now);
    if (!*now) return no_such();
    return row_response(200, shown_job(**now));
  });
}
Answer pause_job(Office& office, Call& call) {
  return hold_job(office, call, true);
}
Answer resume_job(Office& office, Call& call) {
  return hold_job(office, call, false);
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
  handlers["makeJob"] = make_job;
  handlers["listJobs"] = list_jobs;
  handlers["getJob"] = get_job;
  handlers["cancelJob"] = cancel_job;
  handlers["pauseJob"] = pause_job;
  handlers["resumeJob"] = resume_job;
  handlers["removeJob"] = remove_job;
  handlers["getResult"] = get_result;
}

}  // namespace pyro::serve
