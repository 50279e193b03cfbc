#include "schema_check.hpp"

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "pyro/base/json_texts.hpp"

namespace pyro::surveys {
namespace {

// Patterns are matched by std::regex, which goes a level deeper with each character: some 20,000 of them are
// the end of a thread's stack. No text of a definition comes near.
constexpr std::size_t kMostTextBytes = 8000;

// {"<root>", "[scales]", "[0]", "[score]"} → "scales[0].score"
std::string place_of(const std::vector<std::string>& context) {
  std::string place;
  for (const std::string& step : context) {
    if (step.size() < 2 || step.front() != '[') continue;
    const std::string key = step.substr(1, step.size() - 2);
    if (key.find_first_not_of("0123456789") == std::string::npos) {
      place += step;
    } else {
      place += (place.empty() ? "" : ".") + key;
    }
  }
  return place.empty() ? "the whole" : place;
}

}  // namespace

Status check_schema(const nlohmann::json& document, const nlohmann::json& schema, const std::string& name) {
  if (const std::size_t bytes = longest_text(document); bytes > kMostTextBytes)
    return bad_input(name + ": holds a text of " + std::to_string(bytes) +
                     " bytes; a definition's have at most " + std::to_string(kMostTextBytes));
  try {
    valijson::Schema parsed;
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(schema), parsed);
    valijson::Validator validator;
    valijson::ValidationResults results;
    if (validator.validate(parsed, valijson::adapters::NlohmannJsonAdapter(document), &results)) return {};
    // The library tells the innermost place first, then what that made fail around it.
    valijson::ValidationResults::Error first;
    if (!results.popError(first)) return bad_input(name + ": is not as the schema of definitions says");
    return bad_input(name + ": " + place_of(first.context) + " is not as the schema of definitions says",
                     first.description);
  } catch (const std::exception& error) {
    return failed("the schema of definitions cannot be used; restore surveys/instrument.schema.json",
                  error.what());
  }
}

}  // namespace pyro::surveys
