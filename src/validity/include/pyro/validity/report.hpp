// A validation as JSON, as text and as a page. docs/formats.md says what stands in the JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "pyro/html/page.hpp"
#include "pyro/validity/validation.hpp"

namespace pyro::validity {

// What the figures show, or do not.
struct Finding {
  std::string sentence;  // in English
  // The same for whoever says it in another language: {"what":"within","r":…}; docs/formats.md.
  nlohmann::ordered_json statement;
};
[[nodiscard]] std::vector<Finding> findings(const Validation& validation);
[[nodiscard]] std::vector<std::string> findings(const Summary& summary);

[[nodiscard]] nlohmann::ordered_json to_json(const Validation& validation);
// One comparison is what the above gives; several stand in "comparisons", each with its corrected p.
[[nodiscard]] nlohmann::ordered_json to_json(const std::vector<Validation>& validations);
[[nodiscard]] nlohmann::ordered_json to_json(const Summary& summary);

// For a terminal; lines end with \n.
[[nodiscard]] std::string text_of(const std::vector<Validation>& validations);
[[nodiscard]] std::string text_of(const Summary& summary);

// Not empty.
[[nodiscard]] html::Page page_of(const std::vector<Validation>& validations);
[[nodiscard]] html::Page page_of(const Summary& summary);

}  // namespace pyro::validity
