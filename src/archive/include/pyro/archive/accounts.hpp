// Accounts, their logins in a browser and their tokens.
#pragma once

#include <optional>
#include <string>

#include "pyro/archive/rows.hpp"
#include "pyro/security/access.hpp"
#include "pyro/security/lockout.hpp"
#include "pyro/security/tokens.hpp"

namespace pyro::archive {

struct AccountRecord {
  std::string id, name, display_name;
  security::Role role = security::Role::participant;
  std::optional<std::string> person;
  bool disabled = false, must_change_password = false, has_totp = false;
  std::string password;  // Argon2id's own text; empty: cannot sign in by password
  std::string totp;      // sealed
  std::int64_t totp_step = -1;
  security::Failures failures;
  std::int64_t version = 1;
};
[[nodiscard]] Result<std::optional<AccountRecord>> account_named(store::Connection& in,
                                                                 std::string_view name);
[[nodiscard]] Result<std::optional<AccountRecord>> account_of(store::Connection& in, std::string_view id);

[[nodiscard]] Status keep_failures(store::Connection& in, std::string_view account,
                                   const security::Failures& failures);
// Ends all other logins of the account.
[[nodiscard]] Status keep_password(store::Connection& in, std::string_view account, const std::string& hash,
                                   bool must_change, UtcTime now);
[[nodiscard]] Status keep_totp(store::Connection& in, std::string_view account,
                               const std::optional<std::string>& sealed, bool in_use, std::int64_t step,
                               UtcTime now);

struct Login {
  AccountRecord account;
  UtcTime created, seen, expires;
};
// As hex of its digest.
[[nodiscard]] std::string hex_of(const security::Digest& digest);
[[nodiscard]] Status begin_login(store::Connection& in, std::string_view hash, std::string_view account,
                                 UtcTime now, UtcTime expires);
[[nodiscard]] Result<std::optional<Login>> login_of(store::Connection& in, std::string_view hash,
                                                    UtcTime now);
[[nodiscard]] Status end_login(store::Connection& in, std::string_view hash);
[[nodiscard]] Status end_logins_of(store::Connection& in, std::string_view account);

struct TokenRecord {
  std::string id;
  AccountRecord account;
  security::TokenScopes scopes;
};
// nullopt: there is none, it was revoked, it has expired, or its account is disabled.
[[nodiscard]] Result<std::optional<TokenRecord>> token_of(store::Connection& in, std::string_view hash,
                                                          UtcTime now);

}  // namespace pyro::archive
