#include "pyro/base/hex.hpp"

#include <sodium.h>

namespace pyro {

std::string hex_text(std::span<const std::uint8_t> bytes) {
  std::string text(2 * bytes.size() + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
  text.pop_back();
  return text;
}

}  // namespace pyro
