#include "schema_check.hpp"

#include <algorithm>
#include <sstream>
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

// {"<root>", "[scales]", "[0]", "[score]"} → "/scales/0/score"
std::string pointer_of(const std::vector<std::string>& context) {
  nlohmann::json::json_pointer pointer;
  for (const std::string& step : context) {
    if (step.size() >= 2 && step.front() == '[') pointer.push_back(step.substr(1, step.size() - 2));
  }
  return pointer.to_string();
}

// "/scales/0/score" → "scales[0].score"
std::string place_of(const std::string& pointer) {
  std::string place;
  std::istringstream steps(pointer);
  for (std::string step; std::getline(steps, step, '/');) {
    if (step.empty()) continue;
    if (step.find_first_not_of("0123456789") == std::string::npos) {
      place += "[" + step + "]";
    } else {
      place += (place.empty() ? "" : ".") + step;
    }
  }
  return place.empty() ? "the whole" : place;
}

bool is_empty(const nlohmann::json& document, const std::string& pointer) {
  const nlohmann::json::json_pointer at(pointer);
  if (!document.contains(at)) return false;
  const nlohmann::json& value = document.at(at);
  if (value.is_string()) return value.get_ref<const std::string&>().empty();
  return value.is_array() && value.empty();
}

}  // namespace

Result<std::vector<Fault>> schema_faults(const nlohmann::json& document, const nlohmann::json& schema) {
  if (const std::size_t bytes = longest_text(document); bytes > kMostTextBytes)
    return std::vector<Fault>{{"", "form",
                               "holds a text of " + std::to_string(bytes) +
                                   " bytes; a definition's have at most " + std::to_string(kMostTextBytes)}};
  try {
    valijson::Schema parsed;
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(schema), parsed);
    valijson::Validator validator;
    valijson::ValidationResults results;
    std::vector<Fault> faults;
    if (validator.validate(parsed, valijson::adapters::NlohmannJsonAdapter(document), &results))
      return faults;
    // The library tells an innermost place first, then what that made fail around it.
    valijson::ValidationResults::Error error;
    while (results.popError(error)) {
      const std::string pointer = pointer_of(error.context);
      const bool known = std::ranges::any_of(faults, [&](const Fault& inner) {
        return inner.at == pointer || inner.at.starts_with(pointer + "/");
      });
      if (known) continue;
      std::erase_if(faults, [&](const Fault& outer) { return pointer.starts_with(outer.at + "/"); });
      const bool empty = is_empty(document, pointer);
      faults.push_back(
          {pointer,
           empty ? "empty" : "form",
           place_of(pointer) + (empty ? " is empty" : " is not as the schema of definitions says"),
           {},
           error.description});
    }
    return faults;
  } catch (const std::exception& error) {
    return failed("the schema of definitions cannot be used; restore surveys/instrument.schema.json",
                  error.what());
  }
}

}  // namespace pyro::surveys
