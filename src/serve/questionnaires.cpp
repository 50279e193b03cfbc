#include "pyro/serve/questionnaires.hpp"

#include <algorithm>
#include <charconv>

extern const char* const kPyrometerInstrumentSchema;

namespace pyro::serve {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kOwn = "own-";  // as the contract has it: no shipped one begins so
constexpr std::string_view kColumns = "SELECT survey, edition, state, definition FROM survey_definition ";

Result<Questionnaire> read_edition(const store::Row& row) {
  const Json kept{{"survey", std::get<std::string>(row[0])},
                  {"edition", std::get<std::int64_t>(row[1])},
                  {"definition", Json::parse(std::get<std::string>(row[3]), nullptr, false)}};
  Result<surveys::Instrument> instrument = surveys::read_definition(document_of(kept));
  if (!instrument) return tl::make_unexpected(instrument.error());
  return Questionnaire{std::move(*instrument), true, std::get<std::string>(row[2]) != "retired"};
}

Result<std::vector<Questionnaire>> editions(store::Connection& in, const std::string& condition,
                                            const std::vector<store::Value>& values) {
  const auto rows = in.query(std::string{kColumns} + condition, std::span<const store::Value>(values));
  if (!rows) return tl::make_unexpected(rows.error());
  std::vector<Questionnaire> out;
  out.reserve(rows->size());
  for (const store::Row& row : *rows) {
    Result<Questionnaire> one = read_edition(row);
    if (!one) return tl::make_unexpected(one.error());
    out.push_back(std::move(*one));
  }
  return out;
}

}  // namespace

Result<std::optional<Questionnaire>> find_questionnaire(store::Connection& in, Shipped shipped,
                                                        const std::string& id, const std::string& version) {
  if (!id.starts_with(kOwn)) {
    const auto found = std::ranges::find(shipped, id, &surveys::Instrument::id);
    if (found == shipped.end() || (!version.empty() && version != found->version)) return std::nullopt;
    return Questionnaire{*found};
  }
  std::string condition = "WHERE survey = $1 AND state <> 'draft'";
  std::vector<store::Value> values{id};
  if (!version.empty()) {
    std::int64_t edition = 0;
    const char* end = version.data() + version.size();
    if (const auto [read, error] = std::from_chars(version.data(), end, edition);
        error != std::errc{} || read != end)
      return std::nullopt;
    condition += " AND edition = $2";
    values.emplace_back(edition);
  }
  auto found = editions(in, condition + " ORDER BY edition DESC LIMIT 1", values);
  if (!found) return tl::make_unexpected(found.error());
  if (found->empty()) return std::nullopt;
  return std::move(found->front());
}

Result<std::vector<Questionnaire>> questionnaires(store::Connection& in, Shipped shipped) {
  std::vector<Questionnaire> out;
  out.reserve(shipped.size());
  for (const surveys::Instrument& one : shipped) out.push_back({one});
  auto own = editions(in,
                      "WHERE state <> 'draft' AND edition = (SELECT MAX(edition) FROM survey_definition d "
                      "WHERE d.survey = survey_definition.survey AND d.state <> 'draft') ORDER BY survey",
                      {});
  if (!own) return tl::make_unexpected(own.error());
  std::ranges::move(*own, std::back_inserter(out));
  return out;
}

Result<std::set<std::string>> counted_otherwise(store::Connection& in, const std::string& id,
                                                const std::string& scale) {
  std::set<std::string> out;
  if (!id.starts_with(kOwn)) return out;
  const auto all = editions(in, "WHERE survey = $1 AND state <> 'draft' ORDER BY edition DESC", {id});
  if (!all) return tl::make_unexpected(all.error());
  for (const Questionnaire& one : *all) {
    if (!surveys::counts_alike(all->front().instrument, one.instrument, scale))
      out.insert(one.instrument.version);
  }
  return out;
}

Json document_of(const Json& row) {
  Json out = row.at("definition");
  out["id"] = row.at("survey");
  out["version"] = std::to_string(row.at("edition").get<std::int64_t>());
  return out;
}

Result<surveys::Definition> check_edition(const Json& row) {
  static const Json schema = Json::parse(kPyrometerInstrumentSchema);
  return surveys::check_definition(document_of(row), schema, surveys::Home::site);
}

}  // namespace pyro::serve
