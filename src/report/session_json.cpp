#include "session_json.hpp"

#include <nlohmann/json.hpp>

#include "pyro/records/notice.hpp"
#include "pyro/report/rows.hpp"
#include "pyro/report/schema.hpp"

namespace pyro::report {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::string& text) {
  return text.empty() ? Json{} : Json(text);
}
template <typename Number>
Json or_null(Number value) {
  return value > 0 ? Json(value) : Json{};
}

Json input_json(const InputFacts& input) {
  return {{"name", input.name},
          {"bytes", input.bytes ? Json(*input.bytes) : Json{}},
          {"sha256", input.sha256 ? Json(*input.sha256) : Json{}},
          {"live", input.live},
          {"container", or_null(input.container)},
          {"codec", or_null(input.codec)},
          {"width", or_null(input.width)},
          {"height", or_null(input.height)},
          {"nominal_fps", or_null(input.nominal_fps)},
          {"duration_s", input.duration ? Json(input.duration->count()) : Json{}}};
}

Json baseline_json(const score::Baseline& baseline) {
  return {{"mean", baseline.mean}, {"deviation", baseline.deviation}, {"frames", baseline.frames}};
}

Json settings_json(const Provenance& provenance) {
  const score::ScoreSettings& score = provenance.score;
  Json json{{"alpha", score.alpha},
            {"beta", score.beta},
            {"gamma", score.gamma},
            {"lambda", score.lambda},
            {"window_s", score.window.count()},
            {"profile", score::name_of(score.profile)}};
  if (score.profile == score::Profile::extended) {
    json["delta"] = score.delta;
    json["baseline_s"] = score.baseline.count();
    if (score.known_baseline) json["known_baseline"] = baseline_json(*score.known_baseline);
  }
  Json all{{"score", std::move(json)}};
  for (const auto& [key, value] : provenance.settings) all[key] = value;
  all["text"] = provenance.settings_text();
  all["hash"] = provenance.settings_hash();
  return all;
}

Json persons_json(const Provenance& provenance, const SessionTable& table) {
  Json persons = Json::array();
  std::string text;
  for (const PersonSummary& person : table.persons()) {
    text.clear();
    append_json(text, session_columns(), person);
    Json json = Json::parse(text);
    if (provenance.score.profile == score::Profile::extended) {
      const auto& rest = person.rest.baseline();
      json["baseline"] = rest ? baseline_json(*rest) : Json{};
    }
    persons.push_back(std::move(json));
  }
  return persons;
}

}  // namespace

std::string session_json(const Provenance& provenance, const SessionTable& table,
                         const RunProgress& progress) {
  Json models = Json::array();
  for (const ModelFacts& model : provenance.models) {
    models.push_back({{"name", model.name},
                      {"version", model.version},
                      {"sha256", or_null(model.sha256)},
                      {"licence", or_null(model.licence)}});
  }
  Json gaps = Json::object();
  for (std::size_t i = 1; i < records::kGapReasonNames.size(); ++i) {
    if (table.gaps()[i] > 0) gaps[std::string{records::kGapReasonNames[i]}] = table.gaps()[i];
  }
  const Json session{{"schema", "pyrometer-session/1"},
                     {"notice", records::kNotice},
                     {"software", {{"name", "pyrometer"}, {"version", provenance.software_version}}},
                     {"state", name_of(progress.state)},
                     {"error", or_null(progress.error)},
                     {"started", utc_text(provenance.started)},
                     {"written", utc_text(progress.written)},
                     {"input", input_json(provenance.input)},
                     {"models", std::move(models)},
                     {"settings", settings_json(provenance)},
                     {"frames", table.frames()},
                     {"rows", table.rows()},
                     {"dropped_frames", progress.dropped_frames},
                     {"last_time_s", table.last_time().count()},
                     {"gaps", std::move(gaps)},
                     {"persons", persons_json(provenance, table)}};
  // A file name need not be UTF-8; the session must be readable all the same.
  return session.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace pyro::report
