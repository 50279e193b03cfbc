// What a browser carries in a cookie while it is at the provider of sign-in, and brings back: by this an
// answer belongs to the browser that asked (state), its ID token to this one question (nonce), and its code
// to whoever knows the verifier (PKCE, RFC 7636). Sealed, so that nothing is kept here of people who never
// come back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pyro/base/time.hpp"
#include "pyro/security/seal.hpp"

namespace pyro::security {

struct SignInRequest {
  std::string state, nonce, verifier;  // 256 random bits each
  UtcTime until{};
};
[[nodiscard]] SignInRequest new_sign_in_request(UtcTime until);

// base64url(SHA-256(verifier)): the method S256.
[[nodiscard]] std::string pkce_challenge(std::string_view verifier);

[[nodiscard]] std::string sealed_request(const SignInRequest& request, const SealKey& key);
// nullopt: not ours, altered, or no longer in time.
[[nodiscard]] std::optional<SignInRequest> opened_request(std::string_view cookie, const SealKey& key,
                                                          UtcTime now);
// In constant time.
[[nodiscard]] bool answers(const SignInRequest& request, std::string_view state);

}  // namespace pyro::security
