#include "pyro/base/sha256.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <vector>

#include "pyro/base/files.hpp"
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

Result<std::string> sha256_of_file(const std::filesystem::path& file) {
  constexpr std::size_t kAtOnce = std::size_t{1} << 20U;
  const Descriptor opened(file, O_RDONLY);
  if (opened.get() < 0) return cannot("read", file, errno);
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  std::vector<unsigned char> bytes(kAtOnce);
  while (true) {
    const ssize_t got = ::read(opened.get(), bytes.data(), bytes.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot("read", file, errno);
    if (got == 0) break;
    crypto_hash_sha256_update(&state, bytes.data(), static_cast<std::size_t>(got));
  }
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256_final(&state, digest.data());
  return hex_text(digest);
}

}  // namespace pyro
