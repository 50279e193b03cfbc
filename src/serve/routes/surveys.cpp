// Questionnaires and what people answered.
#include "../library.hpp"
#include "../office.hpp"
#include "../responses.hpp"
#include "pyro/serve/questionnaires.hpp"
#include "pyro/surveys/wording.hpp"

namespace pyro::serve {
namespace {

Json survey_json(const Office& office, const Questionnaire& one) {
  Json out = Json::parse(surveys::to_json(one.instrument).dump());
  out["languages"] = surveys::languages_of(office.library.wording, one.instrument);
  out["own"] = one.own;
  out["open"] = one.open;
  return out;
}

Answer list_surveys(Office& office, Call& call) {
  return read(office, call, [&](store::Connection& in) -> Answer {
    const auto all = questionnaires(in, office.library.instruments);
    if (!all) return trouble(all);
    Json rows = Json::array();
    for (const Questionnaire& one : *all) rows.push_back(survey_json(office, one));
    return json_response(200, {{"rows", rows}, {"next", nullptr}});
  });
}

Answer get_survey(Office& office, Call& call) {
  return read(office, call, [&](store::Connection& in) -> Answer {
    const auto found =
        find_questionnaire(in, office.library.instruments, call.text("survey"), call.text("version"));
    if (!found) return trouble(found);
    if (!*found) return no_such();
    Json out = survey_json(office, **found);
    out["wording"] = nullptr;
    const std::string language = call.text("language");
    if (language.empty()) return json_response(200, out);
    const auto wording = surveys::find_wording(office.library.wording, (*found)->instrument, language);
    if (!wording) return trouble(wording);
    if (!*wording)
      return problem(404, "no-wording",
                     "There is no wording in this language here; most questionnaires' belongs to somebody, "
                     "and a site adds what it may use.");
    out["wording"] = {{"language", language},
                      {"instruction", (*wording)->instruction},
                      {"items", (*wording)->items},
                      {"answers", (*wording)->answers}};
    return json_response(200, out);
  });
}

Answer list_responses(Office& office, Call& call) {
  std::vector<std::pair<std::string_view, store::Value>> equal;
  for (const char* field : {"session", "instrument"}) {
    if (const std::string wanted = call.text(field); !wanted.empty())
      equal.emplace_back(field, store::Value{wanted});
  }
  return list_rows(office, call, archive::kResponse, std::move(equal), false);
}

Answer make_response(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    const auto found = find_questionnaire(in, office.library.instruments, call.body.at("instrument"),
                                          call.body.value("version", ""));
    if (!found) return trouble(found);
    if (!*found)
      return problem(422, "no-such-survey",
                     "There is no such questionnaire here, or not this version of it; GET /api/v1/surveys "
                     "lists those that there are.");
    if (!(*found)->open)
      return problem(422, "survey-retired", "This questionnaire is not answered any more at this site.");
    const surveys::Instrument& instrument = (*found)->instrument;
    auto answers = answers_to(instrument, call.body.at("answers"));
    if (!answers) return tl::make_unexpected(answers.error());
    surveys::Response response;
    response.person = call.person();
    response.instrument = instrument.id, response.version = instrument.version;
    response.language = call.body.value("language", "");
    response.time = call.now;
    response.answers = std::move(*answers);
    if (call.body.contains("taken")) {
      const Result<UtcTime> taken = archive::time_of(call.body["taken"].get<std::string>());
      if (!taken) return trouble(taken);
      if (*taken > call.now) return problem(422, "in-the-future", "taken lies in the future.");
      response.time = *taken;
    }
    std::string session_id;
    if (call.body.contains("session")) {
      const auto session = archive::find(in, archive::kSession, call.body["session"].get<std::string>());
      if (!session) return trouble(session);
      // Another person's session and none are the same to who asks.
      if (!*session || (**session)["person"] != response.person)
        return problem(422, "session-of-another", "This person has no such session.");
      session_id = call.body["session"];
    }
    const Result<Json> row = add_response(in, instrument, response, session_id, call.now);
    if (!row) return trouble(row);
    return row_response(201, *row);
  });
}

Answer get_response(Office& office, Call& call) {
  return get_row(office, call, archive::kResponse, "response");
}

}  // namespace

void add_survey_routes(Handlers& handlers) {
  handlers["listSurveys"] = list_surveys;
  handlers["getSurvey"] = get_survey;
  handlers["listResponses"] = list_responses;
  handlers["makeResponse"] = make_response;
  handlers["getResponse"] = get_response;
}

}  // namespace pyro::serve
