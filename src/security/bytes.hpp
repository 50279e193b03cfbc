// What several sources of this room do with bytes and secrets.
#pragma once

#include <sodium.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

namespace pyro::security {

// libsodium ends the process by itself where the system has no randomness; where it cannot even start, so do
// we: there is nothing that could be answered instead of a secret.
inline void need_sodium() {
  static const bool ready = ::sodium_init() >= 0;
  if (!ready) std::abort();
}

[[nodiscard]] inline const unsigned char* data_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
[[nodiscard]] inline std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {data_of(text), text.size()};
}

// BLAKE2b-256 (RFC 7693), keyed where `key` is not empty. `purpose` (at most 16 bytes) keeps hashes that are
// made for one thing from being taken for another's.
[[nodiscard]] inline std::array<std::uint8_t, 32> blake2b(std::string_view purpose,
                                                          std::span<const std::uint8_t> content,
                                                          std::span<const std::uint8_t> key = {}) {
  std::array<unsigned char, crypto_generichash_blake2b_PERSONALBYTES> personal{};
  for (std::size_t i = 0; i < purpose.size() && i < personal.size(); ++i)
    personal[i] = static_cast<unsigned char>(purpose[i]);
  std::array<std::uint8_t, 32> hash{};
  ::crypto_generichash_blake2b_salt_personal(hash.data(), hash.size(), content.data(), content.size(),
                                             key.data(), key.size(), nullptr, personal.data());
  return hash;
}

[[nodiscard]] inline std::string base64url(std::span<const std::uint8_t> bytes) {
  constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string text(sodium_base64_ENCODED_LEN(bytes.size(), kVariant), '\0');
  ::sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), kVariant);
  text.pop_back();  // the closing zero
  return text;
}

// Letters and digits that are not mistaken for each other, in groups: "k7mqp-…". 4.95 bits a symbol.
[[nodiscard]] inline std::string random_groups(int groups, int symbols) {
  constexpr std::string_view kSymbols = "abcdefghjkmnpqrstuvwxyz23456789";
  need_sodium();
  std::string text;
  for (int group = 0; group < groups; ++group) {
    if (group > 0) text += '-';
    for (int i = 0; i < symbols; ++i)
      text += kSymbols[::randombytes_uniform(static_cast<std::uint32_t>(kSymbols.size()))];
  }
  return text;
}

}  // namespace pyro::security
