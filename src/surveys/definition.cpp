#include "pyro/surveys/definition.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "instrument_check.hpp"
#include "schema_check.hpp"

namespace pyro::surveys {
namespace {

using Document = nlohmann::json;

std::optional<Category> category_of(const Document& name) {
  for (const Category category : {Category::low, Category::moderate, Category::high}) {
    if (name == name_of(category)) return category;
  }
  return std::nullopt;
}

// These read with at(), which throws where a member is missing: a document may be half written.
Scale scale_from(const Document& json) {
  Scale scale;
  scale.id = json.at("id");
  scale.title = json.at("title");
  scale.total = json.at("kind") == "total";
  scale.items = json.at("items").get<std::vector<int>>();
  for (const ScoreRule rule : {ScoreRule::sum, ScoreRule::mean, ScoreRule::percent}) {
    if (json.at("score") == name_of(rule)) scale.rule = rule;
  }
  scale.minimum_answered = json.at("minimum_answered");
  scale.higher_is_strain = json.at("higher_means") == "more strain";
  const Document& cutoffs = json.at("cutoffs");
  scale.cutoff_source = cutoffs.value("source", "");
  scale.cutoff_note = cutoffs.value(cutoffs.contains("none") ? "none" : "note", "");
  const Document bands = cutoffs.value("bands", Document::array());
  for (const Document& band : bands)
    scale.bands.push_back({band.at("from"), category_of(band.at("category"))});
  return scale;
}

Instrument instrument_from(const Document& json) {
  Instrument instrument;
  instrument.id = json.at("id");
  instrument.version = json.at("version");
  instrument.title = json.at("title");
  instrument.period = json.value("period", "");
  instrument.unvalidated = json.value("unvalidated", false);
  instrument.items = json.at("items");
  instrument.answer_min = json.at("answers").at("min");
  instrument.answer_max = json.at("answers").at("max");
  instrument.coding = json.at("answers").at("coding");
  instrument.reverse = json.at("reverse").get<std::vector<int>>();
  for (const Document& scale : json.at("scales")) instrument.scales.push_back(scale_from(scale));
  instrument.keep_apart = json.at("keep_apart");
  instrument.missing_rule = json.at("missing").at("rule");
  instrument.missing_source = json.at("missing").at("source");
  instrument.licence = json.at("licence").at("status");
  instrument.licence_holder = json.at("licence").at("holder");
  instrument.licence_note = json.at("licence").at("note");
  instrument.key_source = json.at("key_source");
  const Document own = json.value("wording", Document::object());
  for (const auto& [language, wording] : own.items()) {
    instrument.wording[language] = {wording.value("instruction", ""),
                                    wording.at("items").get<std::vector<std::string>>(),
                                    wording.at("answers").get<std::vector<std::string>>()};
  }
  return instrument;
}

Document cutoffs_of(const Scale& scale) {
  if (scale.bands.empty()) return {{"none", scale.cutoff_note}};
  Document bands = Document::array();
  for (const Band& band : scale.bands)
    bands.push_back(
        {{"from", band.from}, {"category", band.category ? Document(name_of(*band.category)) : Document{}}});
  Document out{{"bands", std::move(bands)}, {"source", scale.cutoff_source}};
  if (!scale.cutoff_note.empty()) out["note"] = scale.cutoff_note;
  return out;
}

std::vector<bool> turned(const Instrument& instrument, const Scale& scale) {
  std::vector<bool> out;
  out.reserve(scale.items.size());
  for (const int item : scale.items) out.push_back(instrument.is_reversed(item));
  return out;
}

}  // namespace

bool Definition::can_score() const {
  return instrument.has_value() &&
         std::ranges::all_of(faults, [](const Fault& fault) { return fault.rule == "empty"; });
}

Result<Definition> check_definition(const Document& document, const Document& schema, Home home) {
  Result<std::vector<Fault>> faults = schema_faults(document, schema);
  if (!faults) return tl::make_unexpected(faults.error());
  Definition out{std::move(*faults), {}};
  try {
    out.instrument = instrument_from(document);
  } catch (const Document::exception& error) {
    if (out.faults.empty())  // a number that the schema accepts and no int holds
      out.faults.push_back({"", "form", "a value is out of all bounds", {}, error.what()});
    return out;
  }
  if (!out.can_score()) return out;
  for (Fault& fault : instrument_faults(*out.instrument, home)) out.faults.push_back(std::move(fault));
  return out;
}

Result<Instrument> read_definition(const Document& document) {
  try {
    return instrument_from(document);
  } catch (const Document::exception& error) {
    return failed("a questionnaire that is kept here cannot be read", error.what());
  }
}

Document definition_of(const Instrument& instrument) {
  Document scales = Document::array();
  for (const Scale& scale : instrument.scales)
    scales.push_back({{"id", scale.id},
                      {"title", scale.title},
                      {"kind", scale.total ? "total" : "subscale"},
                      {"items", scale.items},
                      {"score", name_of(scale.rule)},
                      {"minimum_answered", scale.minimum_answered},
                      {"higher_means", scale.higher_is_strain ? "more strain" : "less strain"},
                      {"cutoffs", cutoffs_of(scale)}});
  Document out{
      {"id", instrument.id},
      {"version", instrument.version},
      {"title", instrument.title},
      {"unvalidated", instrument.unvalidated},
      {"items", instrument.items},
      {"answers",
       {{"min", instrument.answer_min}, {"max", instrument.answer_max}, {"coding", instrument.coding}}},
      {"reverse", instrument.reverse},
      {"scales", std::move(scales)},
      {"keep_apart", instrument.keep_apart},
      {"missing", {{"rule", instrument.missing_rule}, {"source", instrument.missing_source}}},
      {"licence",
       {{"status", instrument.licence},
        {"holder", instrument.licence_holder},
        {"note", instrument.licence_note}}},
      {"key_source", instrument.key_source}};
  if (!instrument.period.empty()) out["period"] = instrument.period;
  for (const auto& [language, wording] : instrument.wording) {
    Document& one = out["wording"][language] = {{"items", wording.items}, {"answers", wording.answers}};
    if (!wording.instruction.empty()) one["instruction"] = wording.instruction;
  }
  return out;
}

bool counts_alike(const Instrument& one, const Instrument& other, std::string_view scale) {
  const auto here = std::ranges::find(one.scales, scale, &Scale::id),
             there = std::ranges::find(other.scales, scale, &Scale::id);
  return here != one.scales.end() && there != other.scales.end() && here->items == there->items &&
         here->rule == there->rule && here->higher_is_strain == there->higher_is_strain &&
         one.answer_min == other.answer_min && one.answer_max == other.answer_max &&
         turned(one, *here) == turned(other, *there);
}

}  // namespace pyro::surveys
