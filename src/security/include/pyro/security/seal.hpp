// Secrets at rest. Small ones (the secrets of authenticators and sign-in providers) are sealed into a row by
// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha; RFC 8439), files (backups) by libsodium's secretstream, which
// also tells when pieces are missing or in another order. What was altered is refused; what the key is not
// for as well.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/security/secret_text.hpp"

namespace pyro::security {

// 256 bits with a number by which what was sealed tells which key it needs. Wiped when it goes.
class SealKey {
 public:
  static constexpr std::size_t kBytes = 32;

  SealKey(std::uint32_t id, std::span<const std::uint8_t, kBytes> bytes);
  [[nodiscard]] static SealKey random(std::uint32_t id);
  SealKey(const SealKey&) = default;
  SealKey& operator=(const SealKey&) = default;
  ~SealKey();

  [[nodiscard]] std::uint32_t id() const { return id_; }
  [[nodiscard]] std::span<const std::uint8_t, kBytes> bytes() const { return bytes_; }

 private:
  std::uint32_t id_;
  std::array<std::uint8_t, kBytes> bytes_;
};

// A key of its own for each purpose ("audit", "csrf", "database"), from the one that the site keeps: a hash
// of the purpose, keyed with `site_key` (BLAKE2b-256, RFC 7693).
[[nodiscard]] std::array<std::uint8_t, SealKey::kBytes> derived_key(
    std::span<const std::uint8_t, SealKey::kBytes> site_key, std::string_view purpose);

using Sealed = std::vector<std::uint8_t>;

// 45 bytes longer than `plain`. `row` is what it belongs to ("users.totp:" and the row's id): sealed for one
// row, it does not open in another.
[[nodiscard]] Sealed seal(std::string_view plain, std::string_view row, const SealKey& key);

// `keys`: the one in use and those before it. Errors (bad_input): not sealed by us; by a key that is not
// among them; altered, or of another row. Messages name the key's number, never content.
[[nodiscard]] Result<SecretText> open_sealed(std::span<const std::uint8_t> sealed, std::string_view row,
                                             std::span<const SealKey> keys);

// Which key it was sealed with, to find what a rotation must still seal again. Error (bad_input): not sealed
// by us.
[[nodiscard]] Result<std::uint32_t> key_of(std::span<const std::uint8_t> sealed);

// `out` (0600) appears whole or not at all, and is on the disk when this returns; what stood there is
// replaced. In pieces of 64 KiB, so a file of any length takes little memory. Errors: `in` cannot be read
// (bad_input), `out` not written (failed).
[[nodiscard]] Status seal_file(const std::filesystem::path& in, const std::filesystem::path& out,
                               const SealKey& key);

// The other way. Errors as above; (bad_input) no sealed file, another key's, altered, cut off, in another
// order, something behind its end. `out` is then as it was before.
[[nodiscard]] Status open_file(const std::filesystem::path& in, const std::filesystem::path& out,
                               std::span<const SealKey> keys);

}  // namespace pyro::security
