#include "pyro/base/sha256.hpp"

#include <sodium.h>

#include <array>

#include "pyro/base/hex.hpp"

namespace pyro {

std::string sha256_hex(std::span<const std::uint8_t> bytes) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256(digest.data(), bytes.data(), bytes.size());
  return hex_text(digest);
}

std::string sha256_hex(std::string_view bytes) {
  return sha256_hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

}  // namespace pyro
