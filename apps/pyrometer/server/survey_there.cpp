#include "survey_there.hpp"

#include <algorithm>
#include <cmath>

#include "meter.hpp"
#include "pyro/base/percent.hpp"
#include "pyro/base/sha256.hpp"
#include "pyro/surveys/definition.hpp"

namespace pyro::cli {
namespace {

using Json = nlohmann::json;

constexpr int kMostItems = 500;  // as instrument.schema.json has it
constexpr int kMostAnswer = 100;

Error not_as_contract(const std::string& origin) {
  return {ErrorCode::failed,
          origin + " answered a questionnaire that is not as in our contract; check --server", ""};
}

Result<std::vector<std::string>> texts_in(const Json& json, const char* member, const std::string& origin) {
  std::vector<std::string> out;
  const auto found = json.is_object() ? json.find(member) : json.end();
  bool sound = found != json.end() && found->is_array();
  if (sound) {
    for (const Json& text : *found) {
      sound = sound && text.is_string();
      if (sound) out.push_back(client::printable(text.get<std::string>(), 2000));
    }
  }
  if (sound) return out;
  return tl::make_unexpected(not_as_contract(origin));
}

// Whether every number in it fits into an int.
bool fits(const Json& json) {
  if (json.is_number()) return std::abs(json.get<double>()) <= 1e6;
  return !json.is_structured() || std::ranges::all_of(json, fits);
}

// What a file of definitions would say of it; null: it cannot be one.
Json definition_from(Json served) {
  if (!served.is_object() || !served.contains("scales") || !served["scales"].is_array() || !fits(served))
    return {};
  for (Json& scale : served["scales"]) {
    if (!scale.is_object()) return {};
    scale["cutoffs"] = {{"bands", scale.value("bands", Json::array())},
                        {"source", text_of(scale, "cutoff_source")},
                        {"note", text_of(scale, "cutoff_note")}};
  }
  served.erase("wording");
  return served;
}

// As far as answers and their scores hang on it.
bool sound(const surveys::Instrument& one) {
  const auto has = [&](int item) { return item >= 1 && item <= one.items; };
  return one.items >= 1 && one.items <= kMostItems && one.answer_min >= 0 &&
         one.answer_min < one.answer_max && one.answer_max <= kMostAnswer &&
         std::ranges::all_of(one.reverse, has) &&
         std::ranges::all_of(one.scales, [&](const surveys::Scale& scale) {
           return !scale.items.empty() && std::ranges::all_of(scale.items, has);
         });
}

Json body_of(const surveys::Response& response, const std::string& person, bool as_taken) {
  Json answers = Json::array();
  for (const std::optional<int>& answer : response.answers)
    answers.push_back(answer ? Json(*answer) : Json());
  Json body{{"person", person},
            {"instrument", response.instrument},
            {"version", response.version},
            {"answers", answers}};
  if (!response.language.empty()) body["language"] = response.language;
  if (as_taken) body["taken"] = utc_text(response.time);
  return body;
}

}  // namespace

int list_surveys_there(const ServerFlags& flags, bool json) {
  Result<client::Server> server = open_server(flags);
  if (!server) return report(server.error(), json);
  const Result<Json> surveys = server->get("surveys");
  if (!surveys) return report_there(surveys.error(), json);
  print_rows(surveys->is_object() && surveys->contains("rows") ? (*surveys)["rows"] : Json::array(),
             {"id", "version", "items", "title", "languages"}, json);
  return 0;
}

Result<surveys::Instrument> instrument_there(client::Server& server, const std::string& id) {
  Result<Json> served = server.get("surveys/" + percent_encoded(id));
  if (!served) return tl::make_unexpected(served.error());
  Result<surveys::Instrument> out = surveys::read_definition(definition_from(std::move(*served)));
  if (!out || out->id != id || !sound(*out)) return tl::make_unexpected(not_as_contract(server.origin()));
  for (std::string* text : {&out->version, &out->title, &out->coding}) *text = client::printable(*text, 2000);
  for (surveys::Scale& scale : out->scales) scale.title = client::printable(scale.title, 2000);
  return out;
}

Result<std::optional<surveys::Wording>> wording_there(client::Server& server,
                                                      const surveys::Instrument& instrument,
                                                      std::string& language) {
  if (language.empty()) {
    const Result<Json> definition = server.get("surveys/" + instrument.id);
    if (!definition) return tl::make_unexpected(definition.error());
    const Result<std::vector<std::string>> there = texts_in(*definition, "languages", server.origin());
    if (!there) return tl::make_unexpected(there.error());
    if (there->empty()) return std::optional<surveys::Wording>{};
    std::string list;
    for (const std::string& one : *there) list += " " + one;
    if (there->size() > 1)
      return wrong_use("\"" + instrument.id + "\" is there in several languages; say by --language which of" +
                       list);
    language = there->front();
  }
  const Result<Json> worded = server.get("surveys/" + instrument.id, {{"language", language}});
  if (!worded) return tl::make_unexpected(worded.error());
  const Json wording = worded->is_object() && worded->contains("wording") ? (*worded)["wording"] : Json();
  Result<std::vector<std::string>> items = texts_in(wording, "items", server.origin());
  if (!items) return tl::make_unexpected(items.error());
  Result<std::vector<std::string>> answers = texts_in(wording, "answers", server.origin());
  if (!answers) return tl::make_unexpected(answers.error());
  if (items->size() != static_cast<std::size_t>(instrument.items))
    return failed(server.origin() + " has " + std::to_string(items->size()) + " items of \"" + instrument.id +
                  "\" instead of " + std::to_string(instrument.items) + "; check --server");
  return surveys::Wording{client::printable(text_of(wording, "instruction"), 4000), std::move(*items),
                          std::move(*answers)};
}

Result<Json> send_responses(client::Server& server, const std::vector<surveys::Response>& responses,
                            bool as_taken, bool json) {
  std::vector<std::string> names;
  names.reserve(responses.size());
  for (const surveys::Response& response : responses) names.push_back(response.person);
  const Result<std::vector<std::string>> people = person_ids(server, names);
  if (!people) return tl::make_unexpected(people.error());
  Json rows = Json::array();
  Meter meter{json};
  for (std::size_t i = 0; i < responses.size(); ++i) {
    const Json body = body_of(responses[i], (*people)[i], as_taken);
    // The same answers of the same moment have the same key, whichever run of the program sends them.
    Result<Json> row = server.make("responses", body, as_taken ? "import-" + sha256_hex(body.dump()) : "");
    if (!row) {
      Error error = row.error();
      if (i > 0)
        error.message += "; " + std::to_string(i) + " of " + std::to_string(responses.size()) +
                         " are kept: do the same again, none counts twice";
      return tl::make_unexpected(std::move(error));
    }
    rows.push_back(std::move(*row));
    meter.progress("responses", "sending",
                   static_cast<double>(i + 1) / static_cast<double>(responses.size()));
  }
  return rows;
}

}  // namespace pyro::cli
