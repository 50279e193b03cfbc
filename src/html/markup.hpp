// What the room's sources share: class names of tints, and attributes.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "pyro/html/page.hpp"

namespace pyro::html {

inline constexpr std::array<std::string_view, kTints> kTintClasses{
    "t-angry",   "t-disgust", "t-fear",  "t-happy", "t-sad",    "t-surprise",
    "t-neutral", "t-accent",  "t-muted", "t-good",  "t-warning"};
[[nodiscard]] inline std::string tint_class(Tint tint) {
  return std::string(kTintClasses[static_cast<std::size_t>(tint)]);
}

// ` name="value"` with the value escaped; nothing where it is empty.
[[nodiscard]] inline std::string attribute(std::string_view name, std::string_view value) {
  if (value.empty()) return {};
  return std::string(" ").append(name).append("=\"").append(escape(value)).append("\"");
}
// The text within <name>…</name>, escaped.
[[nodiscard]] inline std::string element(std::string_view name, std::string_view text) {
  return std::string("<").append(name).append(">").append(escape(text)).append("</").append(name).append(">");
}

// The style sheet and the script that shows a dot's picture; neither holds & or <, so both are well-formed
// XML.
[[nodiscard]] std::string_view style_sheet();
[[nodiscard]] std::string_view hover_script();

}  // namespace pyro::html
