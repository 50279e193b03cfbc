// Bytes as hexadecimal digits.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace pyro {

enum class HexCase : std::uint8_t { lower, upper };

// Two digits.
inline void append_hex(std::string& out, std::uint8_t byte, HexCase letters = HexCase::lower) {
  constexpr std::string_view kLower = "0123456789abcdef", kUpper = "0123456789ABCDEF";
  const std::string_view digits = letters == HexCase::upper ? kUpper : kLower;
  out += digits[byte >> 4U];
  out += digits[byte & 15U];
}

// Two lower-case digits a byte. Takes the same time whatever the bytes are, so that keys may go through it.
[[nodiscard]] std::string hex_text(std::span<const std::uint8_t> bytes);

// 0..15; -1: no lower-case digit.
[[nodiscard]] constexpr int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

}  // namespace pyro
