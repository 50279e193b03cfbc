// Reading the page's markup.
#pragma once

#include <libxml/tree.h>

#include <string>
#include <string_view>
#include <vector>

namespace pyro::pdf {

[[nodiscard]] bool is(const xmlNode* node, std::string_view name);
// Empty where it has none.
[[nodiscard]] std::string attribute(const xmlNode* node, const char* name);
[[nodiscard]] bool has_class(const xmlNode* node, std::string_view name);
// All text inside, as it stands.
[[nodiscard]] std::string raw_text(const xmlNode* node);
// The same with every run of white space as one blank, none at the ends.
[[nodiscard]] std::string text(const xmlNode* node);
[[nodiscard]] std::vector<const xmlNode*> children(const xmlNode* node);                         // elements
[[nodiscard]] std::vector<const xmlNode*> children(const xmlNode* node, std::string_view name);  // of a name
// The first element of that name inside, at any depth; null where there is none.
[[nodiscard]] const xmlNode* find(const xmlNode* node, std::string_view name);
// The element as a document of its own.
[[nodiscard]] std::string source(const xmlNode* node);

}  // namespace pyro::pdf
