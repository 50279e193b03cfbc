#include "theme.hpp"

#include <charconv>
#include <utility>
#include <vector>

#include "pyro/base/text.hpp"
#include "text.hpp"

namespace pyro::pdf {
namespace {

// "selector{body}" one after the other; the body of a block of rules holds rules itself.
std::vector<std::pair<std::string_view, std::string_view>> rules_of(std::string_view sheet) {
  std::vector<std::pair<std::string_view, std::string_view>> rules;
  while (true) {
    const auto open = sheet.find('{');
    if (open == std::string_view::npos) return rules;
    std::size_t end = open + 1;
    for (int depth = 1; end < sheet.size() && depth > 0; ++end) {
      depth += sheet[end] == '{' ? 1 : 0;
      depth -= sheet[end] == '}' ? 1 : 0;
    }
    rules.emplace_back(trimmed(sheet.substr(0, open)), sheet.substr(open + 1, end - open - 2));
    sheet.remove_prefix(end);
  }
}

// "#c04a00", "#fff".
Colour parsed(std::string_view text) {
  if (text.size() != 7 && text.size() != 4) return {};
  const std::size_t digits = text.size() / 3;
  const auto channel = [&](std::size_t i) {
    unsigned value = 0;
    const std::string_view part = text.substr(1 + i * digits, digits);
    std::from_chars(part.data(), part.data() + part.size(), value, 16);
    return static_cast<double>(value) / (digits == 1 ? 15 : 255);
  };
  return {channel(0), channel(1), channel(2)};
}

}  // namespace

Theme::Theme(std::string_view style_sheet) {
  const auto rules = rules_of(style_sheet);
  // Values first: a rule may stand before the block for print that changes them.
  for (const auto& [selector, body] : rules) {
    if (selector == ":root") take_rule(selector, body, false);
    if (selector != "@media print") continue;
    for (const auto& [inner, values] : rules_of(body))
      if (inner == ":root") take_rule(inner, values, true);
  }
  for (const auto& [selector, body] : rules) {
    if (selector.starts_with("svg ") || selector.starts_with(".t-")) take_rule(selector, body, false);
  }
  chart_style_ += "svg{font-family:" + std::string(kSans) + ";font-size:12px}\n";
}

void Theme::take_rule(std::string_view selector, std::string_view body, bool print) {
  if (selector == ":root") {
    while (!body.empty()) {
      const auto end = std::min(body.find(';'), body.size());
      const std::string_view one = trimmed(body.substr(0, end));
      const auto colon = one.find(':');
      if (one.starts_with("--") && colon != std::string_view::npos) {
        const std::string name(one.substr(2, colon - 2));
        if (print || !variables_.contains(name)) variables_[name] = trimmed(one.substr(colon + 1));
      }
      body.remove_prefix(std::min(end + 1, body.size()));
    }
    return;
  }
  if (selector.find(':') != std::string_view::npos) return;  // nothing hovers over paper
  chart_style_.append(selector).append("{").append(resolved(body)).append("}\n");
}

std::string Theme::resolved(std::string_view body) const {
  std::string out(body);
  // A tint sets a colour for all that is inside; in SVG proper that is what currentColor says.
  if (out.starts_with("--c:")) out.replace(0, 4, "color:");
  for (std::size_t at = 0; (at = out.find("var(--", at)) != std::string::npos;) {
    const std::size_t end = out.find(')', at);
    if (end == std::string::npos) break;
    const std::string name = out.substr(at + 6, end - at - 6);
    const auto found = variables_.find(name);
    const std::string value = name == "c"                 ? "currentColor"
                              : found != variables_.end() ? found->second
                                                          : "#000";
    out.replace(at, end + 1 - at, value);
  }
  return out;
}

Colour Theme::colour(std::string_view name) const {
  const auto found = variables_.find(name);
  if (found == variables_.end()) return {};
  if (found->second.starts_with('#')) return parsed(found->second);
  Colour colour;  // "8 64 120"
  const char* at = found->second.data();
  const char* end = at + found->second.size();
  for (double* channel : {&colour.red, &colour.green, &colour.blue}) {
    while (at < end && *at == ' ') ++at;
    int value = 0;
    at = std::from_chars(at, end, value).ptr;
    *channel = value / 255.0;
  }
  return colour;
}

Colour Theme::tint(std::string_view classes) const {
  const auto at = classes.find("t-");
  if (at == std::string_view::npos || (at > 0 && classes[at - 1] != ' ')) return colour("accent");
  const std::string_view name = classes.substr(at + 2, classes.find(' ', at) - at - 2);
  return colour(name);
}

}  // namespace pyro::pdf
