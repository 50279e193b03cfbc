// Opaque random tokens for programs and devices, ids of sessions, and tokens against forged requests (CSRF).
// What is stored of them is a hash only: who reads the data base cannot log in. 256 random bits need no slow
// hash (NIST SP 800-63B, 5.1.2.2 on look-up secrets).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "pyro/base/result.hpp"
#include "pyro/security/enum_set.hpp"

namespace pyro::security {

using Digest = std::array<std::uint8_t, 32>;

// In constant time.
[[nodiscard]] bool same_digest(const Digest& a, const Digest& b);

// What a token of a program may do at most; its owner's role limits it further. What is no token's business
// at all (passwords, tokens, users, consents, erasure) has no scope: see access.hpp.
enum class TokenScope : std::uint8_t {
  read,          // whatever the owner may read
  write,         // notes, keywords, responses, records
  stream,        // live streams: send and watch
  observations,  // observations from a device
  batch,         // uploads, jobs, data sets
  administer,    // site, models, backups, metrics
};
inline constexpr std::size_t kTokenScopes = 6;
using TokenScopes = EnumSet<TokenScope>;

[[nodiscard]] std::string_view token_scope_name(TokenScope scope);
[[nodiscard]] std::optional<TokenScope> token_scope_named(std::string_view name);
// "read stream": the names in the order above, a blank between, and back. Error (bad_input): a name that is
// none.
[[nodiscard]] std::string token_scopes_text(TokenScopes scopes);
[[nodiscard]] Result<TokenScopes> token_scopes_of(std::string_view text);

// What is kept of a token.
struct StoredToken {
  Digest hash{};
  std::string last4;  // the last four characters, so that its owner can tell it from others
};
struct NewToken {
  std::string secret;  // "pyro_" and 43 characters of base64url; shown once
  StoredToken stored;
};
[[nodiscard]] NewToken new_token();

// By what a presented token is looked up: the hash of a text of the right form. Error (bad_input): another
// form; the message says nothing of it.
[[nodiscard]] Result<Digest> token_digest(std::string_view presented);

// A session's id goes into a cookie and nowhere else; its digest is what is stored and looked up.
[[nodiscard]] std::string new_session_id();  // 43 characters of base64url
[[nodiscard]] Result<Digest> session_digest(std::string_view id);

// Keyed hash of the session's id: nothing more is stored, and it ends with the session. `key` is the site's,
// 32 random bytes (OWASP, signed double-submit).
[[nodiscard]] std::string csrf_token(std::span<const std::uint8_t, 32> key, std::string_view session_id);
[[nodiscard]] bool csrf_holds(std::span<const std::uint8_t, 32> key, std::string_view session_id,
                              std::string_view presented);

}  // namespace pyro::security
