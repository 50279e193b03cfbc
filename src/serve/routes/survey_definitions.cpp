// Questionnaires that the site makes itself: drafts, and editions that nothing changes once they are
// published.
#include "../office.hpp"
#include "../responses.hpp"
#include "pyro/serve/questionnaires.hpp"
#include "pyro/surveys/score.hpp"

namespace pyro::serve {
namespace {

// The row as it is told: a draft with what is wrong with it.
Answer edition_answer(int status, Json row) {
  Json faults = Json::array();
  if (row["state"] == "draft") {
    const auto checked = check_edition(row);
    if (!checked) return trouble(checked);
    for (const surveys::Fault& fault : checked->faults)
      faults.push_back({{"at", fault.at},
                        {"rule", fault.rule},
                        {"is", fault.is},
                        {"value", fault.value ? Json(*fault.value) : Json(nullptr)}});
  }
  row["faults"] = std::move(faults);
  return row_response(status, row);
}

tl::unexpected<Problem> has_faults(const surveys::Definition& checked) {
  Problem out{409, "has-faults", "Something in this questionnaire is missing or wrong; faults says where."};
  out.more["faults"] = Json::array();
  for (const surveys::Fault& fault : checked.faults)
    out.more["faults"].push_back({{"at", fault.at}, {"is", fault.is}});
  return tl::make_unexpected(out);
}

tl::unexpected<Problem> changed_meanwhile() {
  return problem(412, "changed-meanwhile", "It has been changed since; read it again.");
}

// The row that the path names, of the version that was asked for.
Granted<Json> wanted_edition(store::Connection& in, const Call& call) {
  auto row = archive::find(in, archive::kSurveyDefinition, call.text("definition"));
  if (!row) return trouble(row);
  if (!*row) return no_such();
  if (const auto version = wanted_version(call); version && (**row)["version"] != *version)
    return changed_meanwhile();
  return std::move(**row);
}

Answer changed(store::Connection& in, const Call& call, const Json& row, const Json& patch) {
  auto now = archive::update(in, archive::kSurveyDefinition, row["id"].get<std::string>(),
                             row["version"].get<std::int64_t>(), patch, call.now);
  if (!now) return trouble(now);
  if (!*now) return changed_meanwhile();
  return edition_answer(200, std::move(**now));
}

// The newest edition of a questionnaire, draft or not.
Result<std::optional<Json>> newest_edition(store::Connection& in, const std::string& survey) {
  const auto rows =
      in.query("SELECT id FROM survey_definition WHERE survey = $1 ORDER BY edition DESC LIMIT 1", survey);
  if (!rows) return tl::make_unexpected(rows.error());
  if (rows->empty()) return std::nullopt;
  return archive::find(in, archive::kSurveyDefinition, std::get<std::string>(rows->front()[0]));
}

Answer list_definitions(Office& office, Call& call) {
  return read(office, call, [&](store::Connection& in) -> Answer {
    archive::Query query;
    if (const std::string survey = call.text("survey"); !survey.empty())
      query.equal.emplace_back("survey", survey);
    query.after = call.text("after");
    query.limit = static_cast<std::size_t>(call.whole("limit", 50));
    auto page = archive::list(in, archive::kSurveyDefinition, query);
    if (!page) return trouble(page);
    for (Json& row : page->rows) {
      row["title"] = row["definition"]["title"];
      row.erase("definition");
    }
    return json_response(200, page_json(*page));
  });
}

// What a draft begins with.
Granted<Json> first_words(store::Connection& in, const Office& office, const Call& call,
                          const std::optional<Json>& before) {
  const bool sent = call.body.contains("definition"), copied = call.body.contains("from");
  if (sent != copied && sent) return call.body["definition"];
  if (!sent && !copied && before) return (*before)["definition"];
  if (sent == copied)
    return problem(422, "not-as-contract",
                   "A new questionnaire begins with a definition or from another one: send one of the two.");
  const auto pattern = find_questionnaire(in, office.library.instruments, call.body["from"]);
  if (!pattern) return trouble(pattern);
  if (!*pattern) return problem(422, "no-such-survey", "There is no such questionnaire here to begin from.");
  Json out = surveys::definition_of((*pattern)->instrument);
  out.erase("id");
  out.erase("version");
  // What is shown of the pattern is not shown of what becomes of it.
  out["unvalidated"] = true;
  return out;
}

Answer make_definition(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    const std::string survey = call.body.at("survey");
    const auto before = newest_edition(in, survey);
    if (!before) return trouble(before);
    if (*before && (**before)["state"] == "draft")
      return problem(409, "draft-there", "There is a draft of this questionnaire already; go on with it.");
    const Granted<Json> definition = first_words(in, office, call, *before);
    if (!definition) return tl::make_unexpected(definition.error());
    auto row = archive::insert(in, archive::kSurveyDefinition,
                               {{"survey", survey},
                                {"edition", *before ? (**before)["edition"].get<std::int64_t>() + 1 : 1},
                                {"state", "draft"},
                                {"definition", *definition},
                                {"made_by", call.actor.user}},
                               call.now);
    if (!row) return trouble(row);
    return edition_answer(201, std::move(*row));
  });
}

Answer get_definition(Office& office, Call& call) {
  return read(office, call, [&](store::Connection& in) -> Answer {
    auto row = wanted_edition(in, call);
    if (!row) return tl::make_unexpected(row.error());
    return edition_answer(200, std::move(*row));
  });
}

tl::unexpected<Problem> published_already() {
  return problem(409, "published-already", "What was published is not changed; make its next edition.");
}

Answer change_definition(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    const auto row = wanted_edition(in, call);
    if (!row) return tl::make_unexpected(row.error());
    if ((*row)["state"] != "draft") return published_already();
    return changed(in, call, *row, {{"definition", call.body.at("definition")}});
  });
}

Answer remove_definition(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    const auto row = wanted_edition(in, call);
    if (!row) return tl::make_unexpected(row.error());
    if ((*row)["state"] != "draft") return published_already();
    const auto gone = archive::remove(in, archive::kSurveyDefinition, call.text("definition"));
    if (!gone) return trouble(gone);
    return nothing();
  });
}

// All editions of a questionnaire that are in one state are in another from now on.
Status move_editions(store::Connection& in, const Call& call, const Json& survey, const char* from,
                     const char* to) {
  const auto moved = in.change(
      "UPDATE survey_definition SET state = $3, version = version + 1, updated_us = $4 WHERE survey = $1 AND "
      "state = $2",
      survey.get<std::string>(), from, to, archive::us_of(call.now));
  if (!moved) return tl::make_unexpected(moved.error());
  return {};
}

Answer publish_definition(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    const auto row = wanted_edition(in, call);
    if (!row) return tl::make_unexpected(row.error());
    if ((*row)["state"] == "retired") {
      const auto newest = find_questionnaire(in, {}, (*row)["survey"]);
      if (!newest) return trouble(newest);
      if (!*newest || (*newest)->instrument.version != std::to_string((*row)["edition"].get<std::int64_t>()))
        return published_already();
    } else if ((*row)["state"] != "draft") {
      return published_already();
    }
    const auto checked = check_edition(*row);
    if (!checked) return trouble(checked);
    if (!checked->faults.empty()) return has_faults(*checked);
    if (const Status moved = move_editions(in, call, (*row)["survey"], "published", "replaced"); !moved)
      return trouble(moved);
    return changed(in, call, *row, {{"state", "published"}});
  });
}

Answer retire_definition(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    const auto row = wanted_edition(in, call);
    if (!row) return tl::make_unexpected(row.error());
    if ((*row)["state"] != "published")
      return problem(409, "not-published", "This edition is not the one that is answered.");
    if (const Status moved = move_editions(in, call, (*row)["survey"], "replaced", "retired"); !moved)
      return trouble(moved);
    return changed(in, call, *row, {{"state", "retired"}});
  });
}

Answer try_definition(Office& office, Call& call) {
  return read(office, call, [&](store::Connection& in) -> Answer {
    const auto row = wanted_edition(in, call);
    if (!row) return tl::make_unexpected(row.error());
    const auto checked = check_edition(*row);
    if (!checked) return trouble(checked);
    if (!checked->can_score() || !checked->instrument) return has_faults(*checked);
    auto answers = answers_to(*checked->instrument, call.body.at("answers"));
    if (!answers) return tl::make_unexpected(answers.error());
    surveys::Response response;
    response.answers = std::move(*answers);
    const auto told =
        surveys::to_json(*checked->instrument, response, surveys::score(*checked->instrument, response));
    return json_response(200, {{"scales", Json::parse(told["scales"].dump())}});
  });
}

}  // namespace

void add_survey_definition_routes(Handlers& handlers) {
  handlers["listSurveyDefinitions"] = list_definitions;
  handlers["makeSurveyDefinition"] = make_definition;
  handlers["getSurveyDefinition"] = get_definition;
  handlers["changeSurveyDefinition"] = change_definition;
  handlers["removeSurveyDefinition"] = remove_definition;
  handlers["publishSurveyDefinition"] = publish_definition;
  handlers["retireSurveyDefinition"] = retire_definition;
  handlers["trySurveyDefinition"] = try_definition;
}

}  // namespace pyro::serve
