// What several rooms do with pieces of text.
#pragma once

#include <string_view>

namespace pyro {

// Without the blanks, tabs and line ends around it; what stands within stays. Views into `text`.
[[nodiscard]] inline std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

}  // namespace pyro
