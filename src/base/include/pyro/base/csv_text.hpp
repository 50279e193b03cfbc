// Text as a CSV cell (RFC 4180): quoted only where it holds a comma, a quote or a line break.
#pragma once

#include <string>
#include <string_view>

namespace pyro {

inline void append_csv_text(std::string& out, std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

[[nodiscard]] inline std::string csv_cell(std::string_view text) {
  std::string out;
  append_csv_text(out, text);
  return out;
}

}  // namespace pyro
