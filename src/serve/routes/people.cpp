// People, what they agreed to, and whom they chose.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "../consent_texts.hpp"
#include "../office.hpp"
#include "pyro/archive/ids.hpp"
#include "pyro/archive/person_file.hpp"
#include "pyro/archive/simulated.hpp"
#include "pyro/base/files.hpp"

namespace pyro::serve {
namespace {

constexpr std::int64_t kMostExportedResults = 256LL << 20;

// Under a study's pseudonym: without name, contact and remarks.
Json shown(Json row, security::View view) {
  if (view == security::View::pseudonymous) {
    for (const char* field : {"name", "contact", "remarks", "birth_year"}) row.erase(field);
  }
  return row;
}

Answer list_people(Office& office, Call& call) {
  return read(office, call, [&](store::Connection& in) -> Answer {
    archive::Query query;
    const archive::Reach reach = archive::reach_of(call.actor, "person.id");
    query.within = reach.condition;
    query.within_value = reach.value;
    query.after = call.text("after");
    query.limit = static_cast<std::size_t>(call.whole("limit", 50));
    const Result<archive::Page> page = archive::list(in, archive::kPerson, query);
    if (!page) return trouble(page);
    Json out = page_json(*page);
    out["rows"] = Json::array();
    for (const Json& row : page->rows) {
      const auto subject = archive::subject_of(in, call.actor, row.at("id").get<std::string>());
      if (!subject) return trouble(subject);
      const security::Subject about = subject->subject();
      const auto decision =
          security::decide(call.actor, security::Action::people_read, &about, call.site.rules, call.now);
      if (decision.allowed()) out["rows"].push_back(shown(row, decision.view));
    }
    return json_response(200, out);
  });
}

Answer make_person(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    const std::string id = archive::new_id(call.now);
    Json fields = call.body;
    fields["id"] = id;
    const auto simulated = archive::is_simulated(in, archive::kAccount, call.actor.user);
    if (!simulated) return trouble(simulated);
    fields["simulated"] = *simulated;
    if (!fields.contains("pseudonym")) fields["pseudonym"] = "P-" + id.substr(24);
    const Result<Json> row = archive::insert(in, archive::kPerson, fields, call.now);
    if (!row) return trouble(row);
    const Result<Json> care = archive::insert(
        in, archive::kCare, {{"person", id}, {"account", call.actor.user}, {"kind", "clinician"}}, call.now);
    if (!care) return trouble(care);
    return row_response(201, *row);
  });
}

Answer get_person(Office& office, Call& call) {
  return read(office, call, [&](store::Connection& in) -> Answer {
    const auto row = archive::find(in, archive::kPerson, call.text("person"));
    if (!row) return trouble(row);
    if (!*row) return no_such();
    return row_response(200, shown(**row, call.decision.view));
  });
}

Answer change_person(Office& office, Call& call) {
  return change_row(office, call, archive::kPerson, "person");
}

// Files of jobs and videos whose rows went.
Status sweep_files(const Office& office, UtcTime now) {
  if (Status swept = office.jobs.sweep(office.database, now); !swept) return swept;
  return office.recordings.sweep(office.database);
}

Answer erase_person(Office& office, Call& call) {
  if (office.hub != nullptr) {
    // Nothing of theirs is written while it is erased: without a consent nothing runs.
    const Status withdrawn = office.database.write([&](store::Connection& in) -> Status {
      const auto gone = in.change("DELETE FROM consent WHERE person = $1", call.person());
      if (!gone) return tl::make_unexpected(gone.error());
      return {};
    });
    if (!withdrawn) return tl::make_unexpected(problem_of(withdrawn.error()));
    office.hub->recheck(call.person());
  }
  Answer answer = write(office, call, [&](store::Connection& in) -> Answer {
    const auto erased = archive::erase_person(in, call.person());
    if (!erased) return trouble(erased);
    Json counts = Json::object();
    for (const auto& [table, rows] : *erased) counts[table] = rows;
    return json_response(200, counts);
  });
  // The files of jobs and videos go with their rows.
  if (answer) {
    if (const Status swept = sweep_files(office, call.now); !swept) return trouble(swept);
  }
  return answer;
}

// Files of the person's jobs, unsealed, as far as they fit into one answer.
Result<archive::Beside> job_results(const Office& office, const Call& call) {
  std::vector<std::pair<std::string, Json>> done;
  const Status looked = office.database.read([&](store::Connection& in) -> Status {
    done.clear();
    const auto rows = in.query(
        "SELECT id, result FROM job WHERE person = $1 AND state = 'done' AND result IS NOT NULL ORDER BY id",
        call.person());
    if (!rows) return tl::make_unexpected(rows.error());
    for (const store::Row& row : *rows)
      done.emplace_back(std::get<std::string>(row[0]),
                        Json::parse(std::get<std::string>(row[1]), nullptr, false));
    return {};
  });
  if (!looked) return tl::make_unexpected(looked.error());
  archive::Beside out;
  std::int64_t room = kMostExportedResults;
  const security::SealKey key = jobs::job_key(office.secrets);
  const std::filesystem::path plain = office.jobs.outgoing(call.request.id);
  for (const auto& [job, result] : done) {
    if (!result.is_object()) continue;
    for (const Json& file : result.value("files", Json::array())) {
      const std::string name = file["name"];
      std::string path = "jobs/";
      path.append(job).append("/").append(name);
      const auto bytes = file["bytes"].get<std::int64_t>();
      if (bytes > room) {
        path.append(": larger than fits in here; fetch it from /api/v1/jobs/")
            .append(job)
            .append("/results/");
        out.left_out.push_back(path.append(name));
        continue;
      }
      const auto sealed = office.jobs.run(job, result.value("run", std::int64_t{0})) / name;
      const Status opened = security::open_file(sealed, plain, std::span{&key, 1});
      Result<std::string> content = opened
                                        ? read_whole(plain, static_cast<std::uintmax_t>(kMostExportedResults))
                                        : Result<std::string>{tl::make_unexpected(opened.error())};
      std::error_code ignored;
      std::filesystem::remove(plain, ignored);
      if (!content) {
        out.left_out.push_back(path + ": its file is no longer there, or damaged");
        continue;
      }
      room -= bytes;
      out.files.emplace_back(path, std::move(*content));
    }
  }
  return out;
}

// The person's videos, as far as they fit beside what is there already.
Status add_videos(const Office& office, const Call& call, archive::Beside& beside) {
  std::int64_t room = kMostExportedResults;
  for (const auto& [name, content] : beside.files) room -= static_cast<std::int64_t>(content.size());
  std::vector<Json> videos;
  std::map<std::string, std::vector<jobs::VideoPiece>> pieces;
  Status looked = office.database.read([&](store::Connection& in) -> Status {
    videos.clear();
    const auto rows = in.query(
        "SELECT id, media, bytes FROM video WHERE person = $1 AND bytes > 0 ORDER BY id", call.person());
    if (!rows) return tl::make_unexpected(rows.error());
    for (const store::Row& row : *rows) {
      const std::string id = std::get<std::string>(row[0]);
      videos.push_back(
          {{"id", id}, {"media", std::get<std::string>(row[1])}, {"bytes", std::get<std::int64_t>(row[2])}});
      auto all = jobs::pieces_of(in, id);
      if (!all) return tl::make_unexpected(all.error());
      pieces[id] = std::move(*all);
    }
    return {};
  });
  if (!looked) return looked;
  const std::filesystem::path plain = office.jobs.outgoing(call.request.id);
  for (const Json& video : videos) {
    const std::string id = video["id"],
                      path = "videos/" + id + (video["media"] == "video/mp4" ? ".mp4" : ".webm");
    const std::int64_t bytes = video["bytes"];
    if (bytes > room) {
      beside.left_out.push_back(
          fmt::format("{}: larger than fits in here; fetch it from /api/v1/videos/{}/file", path, id));
      continue;
    }
    const Status opened = office.recordings.unseal(id, pieces[id], 0, bytes, plain);
    Result<std::string> content = opened ? read_whole(plain, static_cast<std::uintmax_t>(bytes))
                                         : Result<std::string>{tl::make_unexpected(opened.error())};
    std::error_code ignored;
    std::filesystem::remove(plain, ignored);
    if (!content) {
      beside.left_out.push_back(path + ": its file is no longer there, or damaged");
      continue;
    }
    room -= bytes;
    beside.files.emplace_back(path, std::move(*content));
  }
  return {};
}

Answer export_person(Office& office, Call& call) {
  Result<archive::Beside> results = job_results(office, call);
  if (!results) return trouble(results);
  if (const Status added = add_videos(office, call, *results); !added) return trouble(added);
  return read(office, call, [&](store::Connection& in) -> Answer {
    Result<std::string> zip = archive::export_person(in, call.person(), call.now, *results);
    if (!zip) return trouble(zip);
    Response out;
    out.headers = {{"content-type", "application/zip"},
                   {"content-disposition", "attachment; filename=\"person.zip\""},
                   {"cache-control", "no-store"}};
    out.body = std::move(*zip);
    return out;
  });
}

void show_consent(store::Connection& in, const Call&, const security::Subject&, Json& row) {
  say_name(in, row, "recorded_by", "recorded_by_name");
}

Answer list_consents(Office& office, Call& call) {
  return list_rows(office, call, archive::kConsent, {}, false, show_consent);
}

tl::unexpected<Problem> consent_fault(const std::string& at, const char* is) {
  Problem wrong{422, "not-as-contract", "A consent names its template, or all that it is about."};
  wrong.more["faults"] = Json::array({{{"at", at}, {"is", is}}});
  return tl::make_unexpected(wrong);
}

// What is agreed to: as the template says, of whose scopes some may be left out; or as it is told.
Granted<Json> agreed_text(store::Connection& in, const Json& body) {
  Json out = body;
  const bool named = body.contains("template");
  for (const char* field : {"purpose", "text_version"}) {
    if (body.contains(field) == named)
      return consent_fault(std::string{"/"} + field, named ? "follows from the template" : "is missing");
  }
  if (!named) return body.contains("scopes") ? Granted<Json>{out} : consent_fault("/scopes", "is missing");
  const auto text = archive::find(in, archive::kConsentTemplate, body["template"].get<std::string>());
  if (!text) return trouble(text);
  if (!*text || !(**text)["active"].get<bool>())
    return problem(422, "no-such-template",
                   "There is no such text any more; GET /api/v1/consent-templates?active=true lists them.");
  const Json& offered = (**text)["scopes"];
  for (const Json& scope : body.value("scopes", offered)) {
    if (std::ranges::find(offered, scope) == offered.end())
      return consent_fault("/scopes", "holds what the template does not ask for");
  }
  out["scopes"] = body.value("scopes", offered);
  out["purpose"] = (**text)["purpose"], out["text_version"] = text_version_of(**text);
  return out;
}

Answer give_consent(Office& office, Call& call) {
  if (call.body.contains("until")) {
    const Result<UtcTime> until = archive::time_of(call.body["until"].get<std::string>());
    if (!until) return trouble(until);
    if (*until <= call.now) return problem(422, "already-over", "until must be in the future.");
  }
  const bool on_paper = call.actor.role != security::Role::participant;
  return write(office, call, [&](store::Connection& in) -> Answer {
    const Granted<Json> agreed = agreed_text(in, call.body);
    if (!agreed) return tl::make_unexpected(agreed.error());
    Json fields = *agreed;
    fields.update({{"person", call.person()},
                   {"from", utc_text(call.now)},
                   {"on_paper", on_paper},
                   {"recorded_by", call.actor.user}});
    Result<Json> row = archive::insert(in, archive::kConsent, fields, call.now);
    if (!row) return trouble(row);
    show_consent(in, call, call.subject->subject(), *row);
    return row_response(201, *row);
  });
}

Answer withdraw_consent(Office& office, Call& call) {
  const std::string id = call.text("consent");
  const bool erase = call.body.is_object() && call.body.value("erase", false);
  if (erase) {
    if (!call.subject) return no_such();
    // Whoever may record a withdrawal may not for that reason erase.
    const security::Subject about = call.subject->subject();
    const auto may =
        security::decide(call.actor, security::Action::people_delete, &about, call.site.rules, call.now);
    if (!may.allowed()) return refusal(may);
  }
  Answer answer = write(office, call, [&](store::Connection& in) -> Answer {
    auto row = archive::find(in, archive::kConsent, id);
    if (row && *row && (**row)["withdrawn"].is_null())
      row = archive::update(in, archive::kConsent, id, std::nullopt, {{"withdrawn", utc_text(call.now)}},
                            call.now);
    if (!row) return trouble(row);
    if (!*row) return no_such();
    show_consent(in, call, call.subject->subject(), **row);
    return row_response(200, **row);
  });
  if (answer && office.hub != nullptr) office.hub->recheck(call.person());
  if (!answer || !erase) return answer;
  // Once nothing runs under it any more, so that nothing is kept behind the eraser.
  Answer erased = write(
      office, call,
      [&](store::Connection& in) -> Answer {
        const auto counts = archive::erase_unconsented(in, call.person(), call.now);
        if (!counts) return trouble(counts);
        return nothing();
      },
      "erased what no consent allows to be kept");
  if (!erased) return erased;
  if (const Status swept = sweep_files(office, call.now); !swept) return trouble(swept);
  return answer;
}

// Who was chosen is told by name: a participant cannot look accounts up.
void show_care(store::Connection& in, const Call&, const security::Subject&, Json& row) {
  row["account_name"] = row["account_display"] = nullptr;
  const auto account = archive::account_of(in, row["account"].get<std::string>());
  if (!account || !*account) return;
  row["account_name"] = (*account)->name;
  if (!(*account)->display_name.empty()) row["account_display"] = (*account)->display_name;
}

Answer list_care(Office& office, Call& call) {
  return list_rows(office, call, archive::kCare, {}, false, show_care);
}

Answer choose_care(Office& office, Call& call) {
  // A clinician may record a consent that was signed on paper, but nobody chooses for somebody else.
  if (call.actor.role != security::Role::participant)
    return problem(403, "role", "Only the person themselves may choose.");
  return write(office, call, [&](store::Connection& in) -> Answer {
    const auto account = archive::account_named(in, call.body.at("account").get<std::string>());
    if (!account) return trouble(account);
    using security::Role;
    bool fits = *account && !(*account)->disabled &&
                ((*account)->role == Role::clinician || (*account)->role == Role::researcher);
    if (fits) {
      const auto theirs = archive::is_simulated(in, archive::kAccount, (*account)->id);
      if (!theirs) return trouble(theirs);
      const auto own = archive::is_simulated(in, archive::kPerson, call.person());
      if (!own) return trouble(own);
      fits = *theirs == *own;
    }
    if (!fits) return problem(422, "nobody-to-choose", "There is no clinician or researcher of this name.");
    const std::string kind = (*account)->role == Role::clinician ? "clinician" : "study";
    Result<Json> row =
        archive::insert(in, archive::kCare,
                        {{"person", call.person()}, {"account", (*account)->id}, {"kind", kind}}, call.now);
    if (!row) return trouble(row);
    show_care(in, call, call.subject->subject(), *row);
    return row_response(201, *row);
  });
}

Answer end_care(Office& office, Call& call) {
  return remove_row(office, call, archive::kCare, "care");
}

}  // namespace

void add_people_routes(Handlers& handlers) {
  handlers["listPeople"] = list_people;
  handlers["makePerson"] = make_person;
  handlers["getPerson"] = get_person;
  handlers["changePerson"] = change_person;
  handlers["erasePerson"] = erase_person;
  handlers["exportPerson"] = export_person;
  handlers["listConsents"] = list_consents;
  handlers["giveConsent"] = give_consent;
  handlers["withdrawConsent"] = withdraw_consent;
  handlers["listCare"] = list_care;
  handlers["chooseCare"] = choose_care;
  handlers["endCare"] = end_care;
}

}  // namespace pyro::serve
