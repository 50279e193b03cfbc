// Text as it may stand in an address or a form (RFC 3986, 2.1 and 2.3).
#pragma once

#include <string>
#include <string_view>

#include "pyro/base/hex.hpp"

namespace pyro {

// Whatever is no letter, digit or one of - . _ ~ becomes % and two upper-case digits a byte.
[[nodiscard]] inline std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += '%';
      append_hex(out, static_cast<std::uint8_t>(c), HexCase::upper);
    }
  }
  return out;
}

}  // namespace pyro
