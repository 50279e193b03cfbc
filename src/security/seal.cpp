#include "pyro/security/seal.hpp"

#include <algorithm>

#include "bytes.hpp"
#include "key_number.hpp"

namespace pyro::security {

namespace {

// version (1) · key's number (4) · nonce (24) · ciphertext and its tag (16)
constexpr std::uint8_t kSealVersion = 1;
constexpr std::size_t kSealHead = 1 + kKeyNumberBytes;
constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;

// The head is of fixed length, so head and row cannot be taken for others.
std::string associated_with(std::span<const std::uint8_t> head, std::string_view row) {
  std::string data(head.begin(), head.end());
  data += row;
  return data;
}

}  // namespace

SealKey::SealKey(std::uint32_t id, std::span<const std::uint8_t, kBytes> bytes) : id_(id), bytes_{} {
  std::ranges::copy(bytes, bytes_.begin());
}

SealKey SealKey::random(std::uint32_t id) {
  need_sodium();
  SealKey key(id, std::array<std::uint8_t, kBytes>{});
  ::randombytes_buf(key.bytes_.data(), key.bytes_.size());
  return key;
}

SealKey::~SealKey() {
  ::sodium_memzero(bytes_.data(), bytes_.size());
}

std::array<std::uint8_t, SealKey::kBytes> derived_key(std::span<const std::uint8_t, SealKey::kBytes> site_key,
                                                      std::string_view purpose) {
  return blake2b("pyro key 1", bytes_of(purpose), site_key);
}

Sealed seal(std::string_view plain, std::string_view row, const SealKey& key) {
  need_sodium();
  Sealed out(kSealHead + kNonce + plain.size() + kTag);
  out[0] = kSealVersion;
  put_key_number(key.id(), out.data() + 1);
  std::uint8_t* const nonce = out.data() + kSealHead;
  ::randombytes_buf(nonce, kNonce);
  const std::string associated = associated_with(std::span{out}.first(kSealHead), row);
  ::crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + kNonce, nullptr, data_of(plain), plain.size(),
                                               data_of(associated), associated.size(), nullptr, nonce,
                                               key.bytes().data());
  return out;
}

Result<std::uint32_t> key_of(std::span<const std::uint8_t> sealed) {
  if (sealed.size() < kSealHead + kNonce + kTag || sealed[0] != kSealVersion)
    return bad_input("a stored secret is damaged: it was not sealed by this program; enter it anew");
  return key_number(sealed.data() + 1);
}

Result<SecretText> open_sealed(std::span<const std::uint8_t> sealed, std::string_view row,
                               std::span<const SealKey> keys) {
  need_sodium();
  const Result<std::uint32_t> id = key_of(sealed);
  if (!id) return tl::make_unexpected(id.error());
  const auto key = std::ranges::find(keys, *id, &SealKey::id);
  if (key == keys.end())
    return bad_input("a stored secret was sealed with key " + std::to_string(*id) +
                     ", which is not here; put that key back");
  const std::string associated = associated_with(sealed.first(kSealHead), row);
  const std::uint8_t* const nonce = sealed.data() + kSealHead;
  SecretText plain{std::string(sealed.size() - kSealHead - kNonce - kTag, '\0')};
  if (::crypto_aead_xchacha20poly1305_ietf_decrypt(reinterpret_cast<unsigned char*>(plain.text().data()),
                                                   nullptr, nullptr, nonce + kNonce,
                                                   plain.text().size() + kTag, data_of(associated),
                                                   associated.size(), nonce, key->bytes().data()) != 0)
    return bad_input("a stored secret was altered, belongs to another row, or key " + std::to_string(*id) +
                     " is another one than it was sealed with");
  return plain;
}

}  // namespace pyro::security
