#include "pyro/security/sign_in_request.hpp"

#include <array>
#include <charconv>

#include "bytes.hpp"
#include "pyro/security/tokens.hpp"
#include "signing_key.hpp"

namespace pyro::security {

namespace {

constexpr std::string_view kPurpose = "sign-in request";

}  // namespace

SignInRequest new_sign_in_request(UtcTime until) {
  return {new_session_id(), new_session_id(), new_session_id(), until};
}

std::string pkce_challenge(std::string_view verifier) {
  std::array<std::uint8_t, crypto_hash_sha256_BYTES> hash{};
  ::crypto_hash_sha256(hash.data(), data_of(verifier), verifier.size());
  return base64url(hash);
}

std::string sealed_request(const SignInRequest& request, const SealKey& key) {
  const std::string plain = request.state + " " + request.nonce + " " + request.verifier + " " +
                            std::to_string(request.until.time_since_epoch().count());
  return base64url(seal(plain, kPurpose, key));
}

std::optional<SignInRequest> opened_request(std::string_view cookie, const SealKey& key, UtcTime now) {
  constexpr std::size_t kMost = 1024;
  if (cookie.size() > kMost) return std::nullopt;
  const auto sealed = from_base64url(cookie);
  if (!sealed) return std::nullopt;
  const auto plain = open_sealed(bytes_of(*sealed), kPurpose, std::span{&key, 1});
  if (!plain) return std::nullopt;
  // Ours: it has the form in which it was written.
  std::array<std::string, 4> parts;
  std::string_view rest = plain->text();
  for (std::string& part : parts) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  std::int64_t until_us = 0;
  const char* const end = parts[3].data() + parts[3].size();
  if (std::from_chars(parts[3].data(), end, until_us).ptr != end) return std::nullopt;
  const UtcTime until{std::chrono::microseconds{until_us}};
  if (until <= now) return std::nullopt;
  return SignInRequest{parts[0], parts[1], parts[2], until};
}

bool answers(const SignInRequest& request, std::string_view state) {
  return state.size() == request.state.size() &&
         ::sodium_memcmp(state.data(), request.state.data(), state.size()) == 0;
}

}  // namespace pyro::security
