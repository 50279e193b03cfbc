#include "pyro/surveys/instrument.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "instrument_check.hpp"
#include "schema_check.hpp"

namespace pyro::surveys {
namespace {

namespace fs = std::filesystem;
using Document = nlohmann::json;
using Json = nlohmann::ordered_json;

Result<std::string> text_of(const fs::path& file) {
  std::error_code error;
  std::ifstream stream(file, std::ios::binary);
  if (!stream || fs::is_directory(file, error))
    return bad_input("'" + file.string() + "' cannot be read; check its name");
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

Result<Document> parsed(std::string_view text, const std::string& name) {
  try {
    return Document::parse(text);
  } catch (const Document::exception& error) {
    return bad_input(name + " is no JSON", error.what());
  }
}

std::optional<Category> category_of(const Document& name) {
  for (const Category category : {Category::low, Category::moderate, Category::high}) {
    if (name == name_of(category)) return category;
  }
  return std::nullopt;
}

Scale scale_of(const Document& json) {
  Scale scale;
  scale.id = json["id"];
  scale.title = json["title"];
  scale.total = json["kind"] == "total";
  scale.items = json["items"].get<std::vector<int>>();
  for (const ScoreRule rule : {ScoreRule::sum, ScoreRule::mean, ScoreRule::percent}) {
    if (json["score"] == name_of(rule)) scale.rule = rule;
  }
  scale.minimum_answered = json["minimum_answered"];
  scale.higher_is_strain = json["higher_means"] == "more strain";
  const Document& cutoffs = json["cutoffs"];
  scale.cutoff_source = cutoffs.value("source", "");
  scale.cutoff_note = cutoffs.value(cutoffs.contains("none") ? "none" : "note", "");
  const Document bands = cutoffs.value("bands", Document::array());
  for (const Document& band : bands) {
    scale.bands.push_back({band["from"], category_of(band["category"])});
  }
  return scale;
}

// Of a document that the schema has accepted.
Instrument definition_of(const Document& json) {
  Instrument instrument;
  instrument.id = json["id"];
  instrument.version = json["version"];
  instrument.title = json["title"];
  instrument.period = json.value("period", "");
  instrument.unvalidated = json.value("unvalidated", false);
  instrument.items = json["items"];
  instrument.answer_min = json["answers"]["min"];
  instrument.answer_max = json["answers"]["max"];
  instrument.coding = json["answers"]["coding"];
  instrument.reverse = json["reverse"].get<std::vector<int>>();
  for (const Document& scale : json["scales"]) instrument.scales.push_back(scale_of(scale));
  instrument.keep_apart = json["keep_apart"];
  instrument.missing_rule = json["missing"]["rule"];
  instrument.missing_source = json["missing"]["source"];
  instrument.licence = json["licence"]["status"];
  instrument.licence_holder = json["licence"]["holder"];
  instrument.licence_note = json["licence"]["note"];
  instrument.key_source = json["key_source"];
  const Document own = json.value("wording", Document::object());
  for (const auto& [language, wording] : own.items()) {
    instrument.wording[language] = {wording.value("instruction", ""),
                                    wording["items"].get<std::vector<std::string>>(),
                                    wording["answers"].get<std::vector<std::string>>()};
  }
  return instrument;
}

double by_rule(const Instrument& instrument, const Scale& scale, int answer) {
  switch (scale.rule) {
    case ScoreRule::sum:
      return answer * static_cast<double>(scale.items.size());
    case ScoreRule::mean:
      return answer;
    case ScoreRule::percent:
      break;
  }
  return answer == instrument.answer_min ? 0 : 100;
}

}  // namespace

std::string_view name_of(Category category) {
  switch (category) {
    case Category::low:
      return "low";
    case Category::moderate:
      return "moderate";
    case Category::high:
      break;
  }
  return "high";
}

std::string_view name_of(ScoreRule rule) {
  switch (rule) {
    case ScoreRule::sum:
      return "sum";
    case ScoreRule::mean:
      return "mean";
    case ScoreRule::percent:
      break;
  }
  return "percent";
}

bool Instrument::is_reversed(int item) const {
  return std::ranges::find(reverse, item) != reverse.end();
}

int Instrument::keyed(int item, int answer) const {
  return is_reversed(item) ? answer_min + answer_max - answer : answer;
}

double Instrument::least(const Scale& scale) const {
  return by_rule(*this, scale, answer_min);
}

double Instrument::greatest(const Scale& scale) const {
  return by_rule(*this, scale, answer_max);
}

Result<Instrument> parse_instrument(std::string_view text, std::string_view schema_text,
                                    const std::string& name) {
  const Result<Document> schema = parsed(schema_text, "the schema of definitions");
  if (!schema) return tl::make_unexpected(schema.error());
  const Result<Document> document = parsed(text, name);
  if (!document) return tl::make_unexpected(document.error());
  if (const Status good = check_schema(*document, *schema, name); !good)
    return tl::make_unexpected(good.error());
  try {
    Instrument instrument = definition_of(*document);
    if (const Status good = check_instrument(instrument, name); !good)
      return tl::make_unexpected(good.error());
    return instrument;
  } catch (const Document::exception& error) {  // a number that the schema accepts and no int holds
    return bad_input(name + ": a value is out of all bounds", error.what());
  }
}

Result<Instrument> load_instrument(const fs::path& file, const fs::path& schema) {
  const Result<std::string> schema_text = text_of(schema);
  if (!schema_text) return tl::make_unexpected(schema_text.error());
  const Result<std::string> text = text_of(file);
  if (!text) return tl::make_unexpected(text.error());
  return parse_instrument(*text, *schema_text, "'" + file.string() + "'");
}

Result<std::vector<Instrument>> load_instruments(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder / "instruments", error)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  if (files.empty())
    return bad_input("'" + folder.string() +
                     "' holds no instruments/*.json; name the folder of questionnaires by --surveys");
  std::ranges::sort(files);
  std::vector<Instrument> instruments;
  for (const fs::path& file : files) {
    Result<Instrument> instrument = load_instrument(file, folder / "instrument.schema.json");
    if (!instrument) return tl::make_unexpected(instrument.error());
    if (instrument->id != file.stem())
      return bad_input("'" + file.string() + "' defines \"" + instrument->id + "\"; name the file " +
                       instrument->id + ".json");
    instruments.push_back(std::move(*instrument));
  }
  return instruments;
}

Json to_json(const Instrument& instrument) {
  Json scales = Json::array();
  for (const Scale& scale : instrument.scales) {
    Json bands = Json::array();
    for (const Band& band : scale.bands) {
      bands.push_back(
          {{"from", band.from}, {"category", band.category ? Json(name_of(*band.category)) : Json{}}});
    }
    scales.push_back({{"id", scale.id},
                      {"title", scale.title},
                      {"kind", scale.total ? "total" : "subscale"},
                      {"items", scale.items},
                      {"score", name_of(scale.rule)},
                      {"least", instrument.least(scale)},
                      {"greatest", instrument.greatest(scale)},
                      {"minimum_answered", scale.minimum_answered},
                      {"higher_means", scale.higher_is_strain ? "more strain" : "less strain"},
                      {"bands", bands},
                      {"cutoff_source", scale.cutoff_source},
                      {"cutoff_note", scale.cutoff_note}});
  }
  return {{"id", instrument.id},
          {"version", instrument.version},
          {"title", instrument.title},
          {"period", instrument.period},
          {"unvalidated", instrument.unvalidated},
          {"items", instrument.items},
          {"answers",
           {{"min", instrument.answer_min}, {"max", instrument.answer_max}, {"coding", instrument.coding}}},
          {"reverse", instrument.reverse},
          {"keep_apart", instrument.keep_apart},
          {"scales", scales},
          {"missing", {{"rule", instrument.missing_rule}, {"source", instrument.missing_source}}},
          {"licence",
           {{"status", instrument.licence},
            {"holder", instrument.licence_holder},
            {"note", instrument.licence_note}}},
          {"key_source", instrument.key_source}};
}

}  // namespace pyro::surveys
