#include "pyro/archive/fhir_files.hpp"

#include <memory>
#include <sstream>

#include "pyro/archive/main_face.hpp"
#include "pyro/fhir/bundle.hpp"

namespace pyro::archive {
namespace {

std::string text_at(const Json& row, const char* key) {
  const auto found = row.find(key);
  return found == row.end() || !found->is_string() ? "" : found->get<std::string>();
}

Result<std::string> written(const fhir::Export& what) {
  const auto bundle = fhir::bundle_of(what);
  if (!bundle) return tl::make_unexpected(bundle.error());
  return bundle->dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

Result<std::string> fhir_session(const std::string& pseudonym, const Json& session, const std::string& csv,
                                 UtcTime now) {
  const Json* person = main_face(session.at("summary"));
  if (person == nullptr) return bad_input("nobody was seen in this session, or it has not ended");
  fhir::Export what;
  what.person = pseudonym;
  fhir::Session& out = what.session;
  out.software_version = PYRO_VERSION;
  out.complete = text_at(session, "state") == "ended";
  out.written = utc_text(now);
  if (const std::string model = text_at(session, "model"); !model.empty())
    out.models.push_back({model.substr(0, model.find('@')),
                          model.find('@') == std::string::npos ? "" : model.substr(model.find('@') + 1)});
  out.settings_hash = text_at(*person, "settings_hash");
  out.settings = "profile " + text_at(session, "profile") + ", settings " + out.settings_hash;
  out.face_id = person->value("face_id", std::int64_t{0});
  out.start = text_at(session, "started");
  out.end = text_at(session, "ended").empty() ? out.start : text_at(session, "ended");
  out.frames = person->value("frames", std::int64_t{0});
  out.valid_frames = person->value("valid_frames", std::int64_t{0});
  out.mean_score = figure_of(*person, "mean_score");
  out.volatility = figure_of(*person, "volatility");
  out.score_final = figure_of(*person, "score_final");
  out.index = figure_of(*person, "index");
  out.perclos = figure_of(*person, "perclos");
  out.blink_rate_per_min = figure_of(*person, "blink_rate_per_min");
  if (!csv.empty()) {
    auto frames = report::FramesReader::read(std::make_unique<std::istringstream>(csv), "the session");
    if (!frames) return tl::make_unexpected(frames.error());
    if (Status added = fhir::add_frames(*frames, out); !added) return tl::make_unexpected(added.error());
  }
  return written(what);
}

Result<std::string> fhir_questionnaires(const std::string& pseudonym, const std::vector<Json>& responses,
                                        UtcTime now) {
  fhir::Export what;
  what.person = pseudonym;
  what.with_session = false;
  what.session.written = utc_text(now);
  for (const Json& row : responses) {
    fhir::Response response{text_at(row, "instrument"),
                            text_at(row, "definition"),
                            text_at(row, "language"),
                            text_at(row, "taken"),
                            {}};
    for (const Json& answer : row.at("answers"))
      response.answers.push_back(answer.is_null() ? std::nullopt : std::optional<int>{answer.get<int>()});
    for (const Json& scale : row.at("score").value("scales", Json::array())) {
      fhir::ScaleScore score{
          response.instrument,        response.version,          text_at(scale, "scale"),    response.time,
          text_at(scale, "category"), figure_of(scale, "score"), figure_of(scale, "percent")};
      score.answered = scale.value("answered", std::int64_t{0});
      score.items = scale.value("items", std::int64_t{0});
      what.surveys.scores.push_back(std::move(score));
    }
    what.surveys.responses.push_back(std::move(response));
  }
  return written(what);
}

}  // namespace pyro::archive
