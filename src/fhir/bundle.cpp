#include "pyro/fhir/bundle.hpp"

#include "pyro/base/notice.hpp"
#include "pyro/base/sha256.hpp"

namespace pyro::fhir {
namespace {

using Json = nlohmann::ordered_json;

// Our own names for what no published code means.
constexpr char kCodes[] = "urn:pyrometer:code";
constexpr char kPersons[] = "urn:pyrometer:person";
constexpr char kResources[] = "urn:pyrometer:export";
constexpr char kTerminology[] = "http://terminology.hl7.org/CodeSystem/";
constexpr char kSurveyLine[] = "Not a diagnosis: a questionnaire shows how somebody answered on one day.";

// A version 8 UUID (RFC 9562) made of the key's SHA-256.
std::string uuid_of(const std::string& key) {
  std::string hex = sha256_hex(key).substr(0, 32);
  hex[12] = '8';
  const auto variant = static_cast<std::size_t>(hex[16] <= '9' ? hex[16] - '0' : hex[16] - 'a' + 10);
  hex[16] = "89ab"[variant % 4];
  for (const std::size_t at : {8U, 13U, 18U, 23U}) hex.insert(at, 1, '-');
  return hex;
}

Json coding(const std::string& system, const std::string& code, const std::string& display = {}) {
  Json one{{"system", system}, {"code", code}};
  if (!display.empty()) one["display"] = display;
  return one;
}
Json concept_of(Json coding, const std::string& text = {}) {
  Json one{{"coding", Json::array({std::move(coding)})}};
  if (!text.empty()) one["text"] = text;
  return one;
}
Json own(const std::string& code, const std::string& text) {
  return concept_of(coding(kCodes, code, text));
}
// `code` is of UCUM (ucum.org).
Json quantity(double value, const std::string& unit, const std::string& code) {
  return {{"value", value}, {"unit", unit}, {"system", "http://unitsofmeasure.org"}, {"code", code}};
}
Json absent(const std::string& why) {
  return concept_of(coding(std::string(kTerminology) + "data-absent-reason", "unknown", "Unknown"), why);
}
Json identifier(const std::string& value) {
  return {{"system", kResources}, {"value", value}};
}

// Gathers the entries.
class Transaction {
 public:
  explicit Transaction(std::string person) : person_(std::move(person)) {}

  // `key` tells the resource from all others; its identifier is made of it. Gives what refers to it.
  std::string add(Json resource, const std::string& key) {
    const std::string uuid = uuid_of(key), type = resource.at("resourceType").get<std::string>();
    const bool patient = type == "Patient";
    const std::string what =
        patient ? std::string(kPersons) + "|" + person_ : std::string(kResources) + "|" + uuid;
    const std::string url = "urn:uuid:" + uuid;
    entries_.push_back(
        {{"fullUrl", url},
         {"resource", std::move(resource)},
         {"request", {{"method", "POST"}, {"url", type}, {"ifNoneExist", "identifier=" + what}}}});
    return url;
  }
  Json done(const std::string& time) {
    return {{"resourceType", "Bundle"},
            {"type", "transaction"},
            {"timestamp", time},
            {"entry", std::move(entries_)}};
  }

 private:
  std::string person_;
  Json entries_ = Json::array();
};

Json device_of(const Session& session, const std::string& key) {
  Json versions = Json::array({{{"type", {{"text", "pyrometer"}}}, {"value", session.software_version}}});
  for (const Model& model : session.models)
    versions.push_back({{"type", {{"text", "model " + model.name}}}, {"value", model.version}});
  return {{"resourceType", "Device"},
          {"identifier", Json::array({identifier(uuid_of(key))})},
          {"status", "active"},
          {"deviceName", Json::array({{{"name", "Pyrometer"}, {"type", "model-name"}}})},
          {"type", {{"text", "software that reads expressions and fatigue cues from video"}}},
          {"version", std::move(versions)},
          {"property", Json::array({{{"type", {{"text", "settings"}}},
                                     {"valueCode", Json::array({{{"text", session.settings}}})}}})},
          {"note", Json::array({{{"text", kNotice}}})}};
}

void add_component(Json& components, const std::string& code, const std::string& text,
                   const std::optional<double>& value, const std::string& unit, const std::string& ucum) {
  Json one{{"code", own(code, text)}};
  if (value) {
    one["valueQuantity"] = quantity(*value, unit, ucum);
  } else {
    one["dataAbsentReason"] = absent("no frame from which it could be read");
  }
  components.push_back(std::move(one));
}

Json observation_of(const Session& session, const Json& subject, const std::string& device,
                    const std::string& key) {
  Json components = Json::array();
  const auto add = [&](const char* code, const char* text, const std::optional<double>& value,
                       const char* unit = "1",
                       const char* ucum = "1") { add_component(components, code, text, value, unit, ucum); };
  add("score-mean", "mean of the momentary score over the session", session.mean_score);
  add("score-volatility", "variance of the momentary score over the session", session.volatility);
  add("score-final", "mean and volatility of the score, weighted", session.score_final);
  add("perclos", "share of time with eyes at least 80 % closed", session.perclos);
  add("blink-rate", "blinks a minute", session.blink_rate_per_min, "/min", "/min");
  for (std::size_t i = 0; i < records::kEmotionNames.size(); ++i) {
    const std::string name(records::kEmotionNames[i]);
    add_component(components, "probability-" + name, "mean probability of the expression " + name,
                  session.probabilities ? std::optional((*session.probabilities)[i]) : std::nullopt, "1",
                  "1");
  }
  add("frames", "frames with this person", static_cast<double>(session.frames));
  add("frames-valid", "of these, frames whose face could be read", static_cast<double>(session.valid_frames));
  Json json{{"resourceType", "Observation"},
            {"identifier", Json::array({identifier(uuid_of(key))})},
            {"status", session.complete ? "final" : "preliminary"},
            {"code", own("burnout-risk-index", "index of the session's expression score, 0 to 100")},
            {"subject", subject},
            {"effectivePeriod", {{"start", session.start}, {"end", session.end}}}};
  if (session.index) {
    json["valueQuantity"] = quantity(*session.index, "points of 100", "{score}");
  } else {
    json["dataAbsentReason"] = absent("no frame from which it could be read");
  }
  json["note"] = Json::array({{{"text", kNotice}}});
  json["device"] = {{"reference", device}};
  json["component"] = std::move(components);
  return json;
}

std::string canonical(const std::string& instrument, const std::string& version) {
  return "urn:pyrometer:questionnaire:" + instrument + "|" + version;
}

Json response_of(const Response& response, const Json& subject, const std::string& key) {
  Json items = Json::array();
  for (std::size_t i = 0; i < response.answers.size(); ++i) {
    Json item{{"linkId", std::to_string(i + 1)}};
    if (const auto& answer = response.answers[i]; answer)
      item["answer"] = Json::array({{{"valueInteger", *answer}}});
    items.push_back(std::move(item));
  }
  return {{"resourceType", "QuestionnaireResponse"},
          {"identifier", identifier(uuid_of(key))},
          {"questionnaire", canonical(response.instrument, response.version)},
          {"status", "completed"},
          {"subject", subject},
          {"authored", response.time},
          {"item", std::move(items)}};
}

Json scale_of(const ScaleScore& score, const Json& subject, const std::string& answers,
              const std::string& key) {
  Json components = Json::array();
  if (score.percent)
    add_component(components, "survey-percent", "where the score lies between least and greatest",
                  score.percent, "%", "%");
  add_component(components, "survey-answered", "items answered", static_cast<double>(score.answered), "1",
                "1");
  add_component(components, "survey-items", "items of the scale", static_cast<double>(score.items), "1", "1");
  Json json{{"resourceType", "Observation"},
            {"identifier", Json::array({identifier(uuid_of(key))})},
            {"status", "final"},
            {"category", Json::array({concept_of(coding(std::string(kTerminology) + "observation-category",
                                                        "survey", "Survey"))})},
            {"code", own("survey-score-" + score.instrument + "-" + score.scale,
                         "score of the scale " + score.scale + " of " + score.instrument + ", version " +
                             score.version)},
            {"subject", subject},
            {"effectiveDateTime", score.time}};
  if (score.score) {
    json["valueQuantity"] = quantity(*score.score, "points", "{score}");
    if (!score.category.empty()) json["interpretation"] = Json::array({{{"text", score.category}}});
  } else {
    json["dataAbsentReason"] = absent("too few items were answered");
  }
  json["note"] = Json::array({{{"text", kSurveyLine}}});
  if (!answers.empty()) json["derivedFrom"] = Json::array({{{"reference", answers}}});
  json["component"] = std::move(components);
  return json;
}

Json consent_json(const Consent& consent, const Json& patient, const std::string& key) {
  const std::string reasons = std::string(kTerminology) + "v3-ActReason";
  Json purposes = Json::array();
  if (consent.scope == "research") purposes.push_back(coding(reasons, "HRESCH", "healthcare research"));
  if (consent.scope == "treatment") purposes.push_back(coding(reasons, "TREAT", "treatment"));
  purposes.push_back({{"display", consent.purpose}});
  Json period{{"start", consent.from}};
  if (!consent.until.empty()) period["end"] = consent.until;
  return {
      {"resourceType", "Consent"},
      {"identifier", Json::array({identifier(uuid_of(key))})},
      {"status", consent.status},
      {"scope", concept_of(coding(std::string(kTerminology) + "consentscope", consent.scope))},
      {"category", Json::array({concept_of(coding("http://loinc.org", "59284-0"))})},
      {"patient", patient},
      {"dateTime", consent.given},
      {"policyRule", concept_of(coding(std::string(kTerminology) + "v3-ActCode", "OPTIN", "opt-in"))},
      {"provision", {{"type", "permit"}, {"period", std::move(period)}, {"purpose", std::move(purposes)}}}};
}

Status check_consent(const Consent& consent, const Export& what) {
  if (consent.person != what.person)
    return bad_input("the consent is of " + consent.person + ", not of " + what.person);
  const auto uncovered = [&](const std::string& time, const std::string& of) -> Status {
    if (consent.covers(time)) return {};
    return bad_input("the consent of " + what.person + " does not cover " + of + " of " + time.substr(0, 10) +
                     " (it is " + consent.status + ", from " + consent.from +
                     (consent.until.empty() ? "" : " until " + consent.until) + "): nothing was exported");
  };
  Status good = what.with_session ? uncovered(what.session.start, "the session") : Status{};
  for (const Response& one : what.surveys.responses) {
    if (good) good = uncovered(one.time, "the questionnaire");
  }
  for (const ScaleScore& one : what.surveys.scores) {
    if (good) good = uncovered(one.time, "the questionnaire");
  }
  return good;
}

}  // namespace

Result<nlohmann::ordered_json> bundle_of(const Export& what) {
  if (Status good = check_person(what.person); !good) return tl::make_unexpected(good.error());
  if (what.consent) {
    if (Status good = check_consent(*what.consent, what); !good) return tl::make_unexpected(good.error());
  }
  const Session& session = what.session;
  Transaction transaction(what.person);
  const Json pseudonym{{"system", kPersons}, {"value", what.person}};
  const std::string patient = transaction.add(
      {{"resourceType", "Patient"}, {"identifier", Json::array({pseudonym})}}, "Patient|" + what.person);
  const Json subject{{"reference", patient}, {"identifier", pseudonym}};

  std::string device_key = "Device|" + session.software_version + "|" + session.settings;
  for (const Model& model : session.models) device_key += "|" + model.name + " " + model.version;
  const std::string device =
      what.with_session ? transaction.add(device_of(session, device_key), device_key) : "";

  if (const auto& consent = what.consent) {
    const std::string key = "Consent|" + what.person + "|" + consent->scope + "|" + consent->status + "|" +
                            consent->purpose + "|" + consent->given + "|" + consent->from + "|" +
                            consent->until;
    transaction.add(consent_json(*consent, subject, key), key);
  }
  const std::string session_key = "Session|" + what.person + "|" + session.start + "|" + session.end + "|" +
                                  std::to_string(session.face_id) + "|" + device_key;
  if (what.with_session) transaction.add(observation_of(session, subject, device, session_key), session_key);

  const auto survey_key = [&](const std::string& instrument, const std::string& version,
                              const std::string& time) {
    return "Survey|" + what.person + "|" + instrument + "|" + version + "|" + time;
  };
  for (const Response& response : what.surveys.responses) {
    const std::string key = survey_key(response.instrument, response.version, response.time);
    transaction.add(response_of(response, subject, key), key);
  }
  for (const ScaleScore& score : what.surveys.scores) {
    const std::string answers_key = survey_key(score.instrument, score.version, score.time);
    std::string answers;
    for (const Response& response : what.surveys.responses) {
      if (survey_key(response.instrument, response.version, response.time) == answers_key)
        answers = "urn:uuid:" + uuid_of(answers_key);
    }
    const std::string key = answers_key + "|" + score.scale;
    transaction.add(scale_of(score, subject, answers, key), key);
  }
  return transaction.done(session.written);
}

}  // namespace pyro::fhir
