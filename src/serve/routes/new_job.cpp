// A job that is asked for: what belongs together in each kind, who may, and on whose data.
#include "new_job.hpp"

#include "../office.hpp"
#include "pyro/jobs/permission.hpp"
#include "pyro/jobs/queue.hpp"

namespace pyro::serve {
namespace {

constexpr std::int64_t kMostUnfinishedJobs = 50;

tl::unexpected<Problem> field_problem(const char* at, const char* is) {
  Problem wrong{422, "not-as-contract", "The body is not as this kind of job needs it."};
  wrong.more["faults"] = Json::array({{{"at", at}, {"is", is}}});
  return tl::make_unexpected(wrong);
}

using Fits = tl::expected<void, Problem>;

// What the contract's schemas cannot say: exactly one source, and what the others need then.
Fits one_source(const Json& body) {
  const std::string kind = body.at("kind");
  int sources = 0;
  for (const char* name : {"uploads", "dataset", "version", "capture", "session"})
    sources += body.contains(name) ? 1 : 0;
  const Json options = body.value("options", Json::object());
  if (kind == "validate") {
    const bool table = body.contains("uploads");
    for (const char* name : {"instrument", "scale"}) {
      if (!table && !options.contains(name))
        return field_problem(name == std::string{"scale"} ? "/options/scale" : "/options/instrument",
                             "is needed where no table is sent");
    }
    for (const char* name : {"scores", "surveys", "person", "group", "session", "time", "skip_missing"}) {
      if (!table && options.contains(name))
        return field_problem("/uploads", "is needed where columns are named");
    }
    for (const char* name : {"scale", "figure", "within_days"}) {
      if (table && options.contains(name))
        return field_problem("/options", "names what only sessions of the site have");
    }
    return {};
  }
  if (kind == "report") {
    if (sources > 0 && !options.empty())
      return field_problem("/options", "are a trend's; a session has none");
    return {};
  }
  if (kind == "import") return {};  // both its upload and its data set, which the contract asks for
  if (sources != 1)
    return field_problem("", kind == "explain" ? "needs one of uploads, capture and session"
                                               : "needs one of uploads, dataset and version");
  if (kind != "explain") return {};
  const bool moment = body.contains("at_s"), session = body.contains("session") && !moment;
  if (moment && !body.contains("session")) return field_problem("/at_s", "is a session's");
  for (const auto& [name, value] : options.items()) {
    if (session != (name == "step_s"))
      return field_problem("/options",
                           session ? "of a session there is step_s alone" : "step_s is a session's");
  }
  return {};
}

// Each upload is there, this account's, no other job's, and of what this kind takes.
Fits uploads_fit(store::Connection& in, const Call& call, const std::vector<std::string>& uploads) {
  const std::string kind = call.body.at("kind");
  std::map<std::string, std::size_t> kinds;
  for (const std::string& id : uploads) {
    const auto rows = in.query(
        "SELECT kind FROM upload WHERE id = $1 AND account = $2 AND job IS NULL AND received IS NULL", id,
        call.actor.user);
    if (!rows) return trouble(rows);
    if (rows->empty())
      return problem(422, "no-such-upload",
                     "An upload is not there any more, or another job has it; send it again.");
    ++kinds[std::get<std::string>(rows->front()[0])];
  }
  const auto all = [&](std::initializer_list<const char*> names) {
    std::size_t count = 0;
    for (const char* name : names) count += kinds.contains(name) ? kinds[name] : 0;
    return count == uploads.size();
  };
  if (kind == "analyze" &&
      (!all({"picture", "video", "archive"}) || (uploads.size() > 1 && !all({"picture"}))))
    return problem(422, "uploads-mixed",
                   "A job takes one video, one archive, or pictures; send several videos as an archive.");
  if (kind == "validate" && !all({"table"}))
    return problem(422, "uploads-mixed", "This takes a table: CSV with a row for each session.");
  if (kind == "explain" && !all({"picture"})) return problem(422, "uploads-mixed", "This takes pictures.");
  if (kind == "import" && !all({"archive"}))
    return problem(422, "uploads-mixed",
                   "This takes an archive of pictures; send a single one to the data set itself.");
  if (kind != "analyze" && kind != "validate" && kind != "explain" && !all({"archive", "table"}))
    return problem(
        422, "uploads-mixed",
        "This takes a data set: an archive of pictures in a folder for each class, or with a table.");
  return {};
}

// The row of `table` is the person's. What is another's and what there is not get the same words.
Fits is_theirs(store::Connection& in, const Call& call, const archive::Table& table, const char* name) {
  if (!call.body.contains(name)) return {};
  if (!call.subject) return field_problem("/person", "must say whose it is");
  const auto row = archive::find(in, table, call.body[name].get<std::string>());
  if (!row) return trouble(row);
  if (!*row || (**row)["person"] != call.person())
    return problem(422, std::string{name} + "-of-another",
                   std::string{"This person has no such "} + name + ".");
  return {};
}

Fits model_known(const Office& office, const Json& options) {
  if (office.models == nullptr) return {};
  for (const char* name : {"model", "against"}) {
    if (!options.contains(name)) continue;
    const auto store = registry::open_store(office.models->place);
    if (!store) return tl::make_unexpected(problem_of(store.error()));
    if (store->find(options[name].get<std::string>()) == nullptr)
      return field_problem(name == std::string{"model"} ? "/options/model" : "/options/against",
                           "names no model that there is here");
  }
  return {};
}

}  // namespace

Json shown_job(Json row) {
  row.erase("leased_until");
  if (row["result"].is_object()) row["result"].erase("run");
  return row;
}

Answer make_job(Office& office, Call& call) {
  if (const Fits fits = one_source(call.body); !fits) return tl::make_unexpected(fits.error());
  const Json options = call.body.value("options", Json::object());
  if (const Fits fits = model_known(office, options); !fits) return tl::make_unexpected(fits.error());
  const auto uploads = call.body.value("uploads", std::vector<std::string>{});
  jobs::Lease asked{"", call.body.at("kind"), call.actor.user, std::nullopt, {{"options", options}}, 0};
  // Who takes part means themselves, but only where a job can be about somebody.
  if (call.subject && (asked.kind == "analyze" || asked.kind == "explain" || asked.kind == "report"))
    asked.person = call.person();
  asked.request["uploads"] = uploads;
  for (const char* name : {"dataset", "version", "capture", "session", "at_s"}) {
    if (call.body.contains(name)) asked.request[name] = call.body[name];
  }
  return write(office, call, [&](store::Connection& in) -> Answer {
    const auto may = jobs::permission(in, asked, call.now);
    if (!may) return trouble(may);
    if (may->denied) return refusal(*may->denied);
    if (!may->refused.empty()) return problem(403, "role", may->refused);
    const auto unfinished =
        in.query("SELECT COUNT(*) FROM job WHERE account = $1 AND state IN ('queued', 'running', 'paused')",
                 call.actor.user);
    if (!unfinished) return trouble(unfinished);
    if (std::get<std::int64_t>(unfinished->front()[0]) >= kMostUnfinishedJobs)
      return problem(429, "too-many-jobs", "Fifty of your jobs have not ended yet; wait, or cancel some.");
    if (const Fits fits = uploads_fit(in, call, uploads); !fits) return tl::make_unexpected(fits.error());
    for (const auto& [table, name] :
         {std::pair{&archive::kSession, "session"}, std::pair{&archive::kCapture, "capture"}}) {
      if (const Fits fits = is_theirs(in, call, *table, name); !fits)
        return tl::make_unexpected(fits.error());
    }
    if (call.body.contains("dataset")) {
      const auto row = archive::find(in, archive::kDataset, call.body["dataset"].get<std::string>());
      if (!row) return trouble(row);
      if (!*row) return problem(422, "no-such-dataset", "There is no such data set.");
    }
    if (call.body.contains("version")) {
      const auto row = archive::find(in, archive::kDatasetVersion, call.body["version"].get<std::string>());
      if (!row) return trouble(row);
      if (!*row) return problem(422, "no-such-version", "There is no such version of a data set.");
    }
    Json fields{{"kind", asked.kind}, {"account", call.actor.user}, {"request", asked.request}};
    if (asked.person) fields["person"] = *asked.person;
    const auto row = jobs::add_job(in, fields, uploads, call.now);
    if (!row) return trouble(row);
    if (!*row)
      return problem(422, "no-such-upload",
                     "An upload is not there any more, or another job has it; send it again.");
    return row_response(201, shown_job(**row));
  });
}

}  // namespace pyro::serve
