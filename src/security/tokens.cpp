#include "pyro/security/tokens.hpp"

#include <algorithm>

#include "bytes.hpp"
#include "pyro/security/secret_text.hpp"

namespace pyro::security {

namespace {

constexpr std::string_view kTokenPrefix = "pyro_";
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kSecretLetters = 43;  // of base64url without padding

constexpr std::array<std::string_view, kTokenScopes> kTokenScopeNames = {
    "read", "write", "stream", "observations", "batch", "administer"};

std::string random_secret() {
  need_sodium();
  std::array<std::uint8_t, kSecretBytes> bytes{};
  ::randombytes_buf(bytes.data(), bytes.size());
  std::string text = base64url(bytes);
  ::sodium_memzero(bytes.data(), bytes.size());
  return text;
}

bool well_formed_secret(std::string_view text) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return text.size() == kSecretLetters && text.find_first_not_of(kLetters) == std::string_view::npos;
}

}  // namespace

bool same_digest(const Digest& a, const Digest& b) {
  return ::sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string_view token_scope_name(TokenScope scope) {
  return kTokenScopeNames.at(static_cast<std::size_t>(scope));
}

std::optional<TokenScope> token_scope_named(std::string_view name) {
  const auto* const found = std::ranges::find(kTokenScopeNames, name);
  if (found == kTokenScopeNames.end()) return std::nullopt;
  return static_cast<TokenScope>(found - kTokenScopeNames.begin());
}

std::string token_scopes_text(TokenScopes scopes) {
  std::string text;
  for (std::size_t i = 0; i < kTokenScopes; ++i) {
    if (!scopes.has(static_cast<TokenScope>(i))) continue;
    if (!text.empty()) text += ' ';
    text += kTokenScopeNames.at(i);
  }
  return text;
}

Result<TokenScopes> token_scopes_of(std::string_view text) {
  TokenScopes scopes;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (const std::string_view name = text.substr(0, end); !name.empty()) {
      const std::optional<TokenScope> scope = token_scope_named(name);
      if (!scope)
        return bad_input("'" + std::string{name} + "' is no scope of a token; there are " +
                         token_scopes_text(TokenScopes::of_bits((1U << kTokenScopes) - 1)));
      scopes = scopes.with(*scope);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return scopes;
}

NewToken new_token() {
  NewToken made;
  const SecretText random{random_secret()};
  made.secret = std::string{kTokenPrefix} + random.text();
  made.stored = {blake2b("pyro token 1", bytes_of(made.secret)), made.secret.substr(made.secret.size() - 4)};
  return made;
}

Result<Digest> token_digest(std::string_view presented) {
  if (!presented.starts_with(kTokenPrefix) || !well_formed_secret(presented.substr(kTokenPrefix.size())))
    return bad_input("this is not a token of this site");
  return blake2b("pyro token 1", bytes_of(presented));
}

std::string new_session_id() {
  return random_secret();
}

Result<Digest> session_digest(std::string_view id) {
  if (!well_formed_secret(id)) return bad_input("this is not the id of a session");
  return blake2b("pyro session 1", bytes_of(id));
}

std::string csrf_token(std::span<const std::uint8_t, 32> key, std::string_view session_id) {
  return base64url(blake2b("pyro csrf 1", bytes_of(session_id), key));
}

bool csrf_holds(std::span<const std::uint8_t, 32> key, std::string_view session_id,
                std::string_view presented) {
  const std::string right = csrf_token(key, session_id);
  return presented.size() == right.size() &&
         ::sodium_memcmp(right.data(), presented.data(), right.size()) == 0;
}

}  // namespace pyro::security
