// Accounts, their logins in a browser and their tokens.
#pragma once

#include <optional>
#include <string>
#include <vector>

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

// With what every new account has besides `fields` (name, role, password …); a participant who is not joined
// to a record yet gets one.
[[nodiscard]] Result<Json> make_account(store::Connection& in, Json fields, UtcTime now);

// By whom the provider of sign-in says it is: "<issuer> <subject>".
[[nodiscard]] Result<std::optional<AccountRecord>> account_of_subject(store::Connection& in,
                                                                      std::string_view subject);
// An account in use that is joined to nobody at the provider yet and whose name is this address, whatever the
// case of its letters; nullopt as well where there are several. Administrators and devices are never found.
[[nodiscard]] Result<std::optional<AccountRecord>> account_to_link(store::Connection& in,
                                                                   std::string_view email);
[[nodiscard]] Status keep_subject(store::Connection& in, std::string_view account, std::string_view subject,
                                  UtcTime now);
// Ends all logins of the account, as they were another role's; a participant without a record gets one.
[[nodiscard]] Status keep_role(store::Connection& in, std::string_view account, security::Role role,
                               UtcTime now);
// A password that was told and never changed into one's own.
[[nodiscard]] Status forget_one_time_password(store::Connection& in, std::string_view account, UtcTime now);

[[nodiscard]] Status keep_failures(store::Connection& in, std::string_view account,
                                   const security::Failures& failures);
// Ends all other logins of the account.
[[nodiscard]] Status keep_password(store::Connection& in, std::string_view account, const std::string& hash,
                                   bool must_change, UtcTime now);
// Without a secret in use, recovery codes go as well.
[[nodiscard]] Status keep_totp(store::Connection& in, std::string_view account,
                               const std::optional<std::string>& sealed, bool in_use, std::int64_t step,
                               UtcTime now);

// Instead of those that there were.
[[nodiscard]] Status keep_recovery_codes(store::Connection& in, std::string_view account,
                                         const std::vector<security::Digest>& codes);
[[nodiscard]] Result<std::vector<security::Digest>> recovery_codes_of(store::Connection& in,
                                                                      std::string_view account);
// False: it was used meanwhile.
[[nodiscard]] Result<bool> use_recovery_code(store::Connection& in, std::string_view account,
                                             const security::Digest& code);

// Somebody signed in, in a browser. What is kept of its cookie is a digest, as hex.
[[nodiscard]] std::string hex_of(const security::Digest& digest);
struct Login {
  AccountRecord account;
  UtcTime created, seen, expires;
};
[[nodiscard]] Status begin_login(store::Connection& in, std::string_view hash, std::string_view account,
                                 std::string_view client, UtcTime now, UtcTime expires);
[[nodiscard]] Result<std::optional<Login>> login_of(store::Connection& in, std::string_view hash,
                                                    UtcTime now);
[[nodiscard]] Status keep_seen(store::Connection& in, std::string_view hash, UtcTime now);
[[nodiscard]] Status end_login(store::Connection& in, std::string_view hash);
// How many there were.
[[nodiscard]] Result<std::int64_t> end_logins_of(store::Connection& in, std::string_view account,
                                                 std::string_view but_hash = {});

struct LoginRow {
  std::string id, hash, client;
  UtcTime created, seen, expires;
};
// Those in force, the newest first.
[[nodiscard]] Result<std::vector<LoginRow>> logins_of(store::Connection& in, std::string_view account,
                                                      UtcTime now);

struct TokenRecord {
  std::string id;
  AccountRecord account;
  security::TokenScopes scopes;
};
// nullopt: there is none, it was revoked, it has expired, or its account is disabled.
[[nodiscard]] Result<std::optional<TokenRecord>> token_of(store::Connection& in, std::string_view hash,
                                                          UtcTime now);

}  // namespace pyro::archive
