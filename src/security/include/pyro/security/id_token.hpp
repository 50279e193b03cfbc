// Who somebody is, as a provider of sign-in says it: an ID token (OpenID Connect Core 1.0, 3.1.3.7), a signed
// JSON Web Token (RFC 7519, 7515) whose key stands in the provider's key set (RFC 7517).
//
// Only RS256 and ES256 are taken, whatever a token's header asks for: a token without a signature, or one
// "signed" by using the public key as a shared secret, is none.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/base/time.hpp"

namespace pyro::security {

struct IdTokenExpected {
  std::string issuer, client_id, nonce;
  std::chrono::seconds leeway{60};     // that two clocks may differ by
  std::chrono::seconds most_age{600};  // since it was issued; it comes straight from the provider
  std::string role_claim{};            // "groups", "realm_access.roles"; empty: none is looked at
};

struct IdClaims {
  std::string issuer, subject;       // together: who it is, for good
  std::string email;                 // in lower case, and only where the provider says that it is verified
  std::string name;                  // to be shown; may be empty
  bool second_factor = false;        // amr (RFC 8176) says "mfa"
  std::vector<std::string> roles{};  // the texts of role_claim
};

inline constexpr std::size_t kMostTokenBytes = 16U << 10U, kMostKeySetBytes = 256U << 10U;

// nullopt: the key set has no key that could have signed it, so that a newer one is worth asking for.
// Errors (bad_input) say which rule does not hold, never what the token says.
[[nodiscard]] Result<std::optional<IdClaims>> read_id_token(std::string_view token, std::string_view key_set,
                                                            const IdTokenExpected& expected, UtcTime now);

}  // namespace pyro::security
