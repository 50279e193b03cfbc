// Cells as this room writes them, and its words for places in a table.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

#include "pyro/base/csv_text.hpp"
#include "pyro/base/text.hpp"

namespace pyro::surveys {

// The shortest decimals that read back to the same bits.
[[nodiscard]] inline std::string csv_number(double value) {
  char text[40];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

// A whole number and nothing else.
[[nodiscard]] inline bool read_int(std::string_view text, int& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

[[nodiscard]] inline std::string at_line(const std::string& name, std::int64_t line) {
  return name + " line " + std::to_string(line);
}

}  // namespace pyro::surveys
