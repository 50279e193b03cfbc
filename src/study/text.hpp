// CSV text and names, for the sources of this room.
#pragma once

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "pyro/base/csv_text.hpp"

namespace pyro::study {

inline void append_cell(std::string& out, std::string_view text) {
  append_csv_text(out, text);
}
// The shortest decimals that read back the same; nothing for what is not finite.
inline void append_cell(std::string& out, double value) {
  if (!std::isfinite(value)) return;
  std::array<char, 32> text{};
  out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr);
}
inline void append_cell(std::string& out, std::int64_t value) {
  out += std::to_string(value);
}

// What may name a person or a session, and a file after it.
inline bool is_name(std::string_view text) {
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.";
  return !text.empty() && text.size() <= 64 && text.front() != '.' && text.front() != '-' &&
         text.find_first_not_of(kAllowed) == std::string_view::npos;
}

}  // namespace pyro::study
