#include "pyro/surveys/instrument.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "pyro/surveys/definition.hpp"

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
  Result<Definition> checked = check_definition(*document, *schema, Home::shipped);
  if (!checked) return tl::make_unexpected(checked.error());
  if (!checked->faults.empty()) {
    const Fault& first = checked->faults.front();
    return bad_input(name + ": " + first.is, first.context);
  }
  return std::move(*checked->instrument);
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
