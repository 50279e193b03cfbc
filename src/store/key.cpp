#include <sodium.h>

#include <algorithm>

#include "pyro/base/hex.hpp"
#include "pyro/base/text.hpp"
#include "pyro/store/database.hpp"

namespace pyro::store {

Key Key::random() {
  // Twice is harmless; libsodium stops the process itself where the system gives no randomness.
  if (sodium_init() < 0) sodium_misuse();
  Key key;
  randombytes_buf(key.bytes_.data(), key.bytes_.size());
  return key;
}

Result<Key> Key::of_hex(std::string_view text) {
  const std::string_view digits = trimmed(text);
  Key key;
  std::size_t length = 0;
  if (digits.size() != 2 * kBytes ||
      sodium_hex2bin(key.bytes_.data(), kBytes, digits.data(), digits.size(), nullptr, &length, nullptr) !=
          0 ||
      length != kBytes) {
    return bad_input("a key is 64 hexadecimal digits; make one with: openssl rand -hex 32");
  }
  return key;
}

Key::Key(const Key& other) = default;
Key& Key::operator=(const Key& other) = default;
Key::~Key() {
  sodium_memzero(bytes_.data(), bytes_.size());
}

std::string Key::hex() const {
  return hex_text(bytes_);
}

}  // namespace pyro::store
