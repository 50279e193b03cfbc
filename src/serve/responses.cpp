#include "responses.hpp"

#include "pyro/surveys/score.hpp"

namespace pyro::serve {

using archive::Json;

Result<Json> add_response(store::Connection& in, const surveys::Instrument& instrument,
                          const surveys::Response& response, const std::string& session, UtcTime now) {
  Json answers = Json::array();
  for (const std::optional<int>& answer : response.answers)
    answers.push_back(answer ? Json(*answer) : Json(nullptr));
  Json fields{{"person", response.person},
              {"instrument", instrument.id},
              {"definition", instrument.version},
              {"answers", std::move(answers)},
              {"score", surveys::to_json(instrument, response, surveys::score(instrument, response))},
              {"taken", utc_text(response.time)}};
  if (!response.language.empty()) fields["language"] = response.language;
  if (!session.empty()) fields["session"] = session;
  return archive::insert(in, archive::kResponse, fields, now);
}

}  // namespace pyro::serve
