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

// For tables that people open in a spreadsheet, and that no program of ours reads again: a text that such a
// program would take for a formula (it begins with = + - @, a tab or a line break) gets an apostrophe before
// it, which makes it text there.
inline void append_csv_shown(std::string& out, std::string_view text) {
  const bool formula =
      !text.empty() && std::string_view{"=+-@\t\r\n"}.find(text.front()) != std::string_view::npos;
  append_csv_text(out, formula ? "'" + std::string{text} : std::string{text});
}

[[nodiscard]] inline std::string csv_cell(std::string_view text) {
  std::string out;
  append_csv_text(out, text);
  return out;
}

}  // namespace pyro
