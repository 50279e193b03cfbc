#include "responses.hpp"

#include "pyro/surveys/score.hpp"

namespace pyro::serve {

using archive::Json;

Granted<std::vector<std::optional<int>>> answers_to(const surveys::Instrument& instrument,
                                                    const Json& answers) {
  if (answers.size() != static_cast<std::size_t>(instrument.items))
    return problem(422, "not-as-the-survey",
                   "This questionnaire has " + std::to_string(instrument.items) +
                       " items: send an answer for each, null for one left out.");
  std::vector<std::optional<int>> out;
  out.reserve(answers.size());
  for (const Json& answer : answers) {
    if (answer.is_null()) {
      out.emplace_back();
      continue;
    }
    const int given = answer.get<int>();
    if (given < instrument.answer_min || given > instrument.answer_max)
      return problem(422, "not-as-the-survey",
                     "Answers of this questionnaire go from " + std::to_string(instrument.answer_min) +
                         " to " + std::to_string(instrument.answer_max) + ".");
    out.emplace_back(given);
  }
  return out;
}

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
