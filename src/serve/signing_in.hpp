// What every way to sign in shares: proofs and how they are counted, the codes of an account, and the login
// that comes of it.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "office.hpp"
#include "pyro/security/seal.hpp"
#include "pyro/security/totp.hpp"

namespace pyro::serve {

[[nodiscard]] security::SealKey account_sealing(const Office& office);
// `codes_left`: recovery codes; told where codes are asked for.
[[nodiscard]] Json account_json(const archive::AccountRecord& account, std::size_t codes_left);
// Who is signed in, and what the site is.
[[nodiscard]] Result<Json> signed_in_json(store::Connection& in, const Call& call,
                                          const archive::AccountRecord& account, const Json& csrf_token);

// The caller's own account.
[[nodiscard]] Granted<archive::AccountRecord> own_account(store::Connection& in, const Call& call);

[[nodiscard]] std::optional<security::TotpSecret> totp_of(const Office& office,
                                                          const archive::AccountRecord& account);

// Each takes 64 MiB: one at a time.
[[nodiscard]] Result<std::string> hash_of(const Office& office, const std::string& password);
[[nodiscard]] Result<security::PasswordCheck> check_of(const Office& office, const std::string& hash,
                                                       const std::string& password);

// Failed tries by address, so that one machine cannot try a common password on all accounts.
[[nodiscard]] std::optional<Problem> must_wait(const std::string& address, UtcTime now);
void count_failure(const std::string& address, UtcTime now);
[[nodiscard]] tl::unexpected<Problem> wait_first(std::chrono::microseconds left);
[[nodiscard]] tl::unexpected<Problem> wrong_login();

struct Proof {
  // Of an account that has none no password is asked, where it is signed in already.
  enum class For : std::uint8_t { sign_in, signed_in } what = For::sign_in;
  std::string password, code;  // of the authenticator, or one for recovery
};
using FindAccount = std::function<Result<std::optional<archive::AccountRecord>>(store::Connection&)>;
// The account, once password and code have held. Failures are counted before the answer goes out, and a code
// counts once.
[[nodiscard]] Granted<archive::AccountRecord> proven(Office& office, const Call& call,
                                                     const FindAccount& find, const Proof& proof);

// Within a write, noted in the audit log; the session's id is for the cookie and nobody else.
[[nodiscard]] Result<std::string> begin_login(Office& office, store::Connection& in, const Call& call,
                                              const archive::AccountRecord& account, std::string detail);
// That somebody was not let in.
void note_refusal(Office& office, const Call& call, const Problem& problem, std::string detail);

// What a browser says it is, as far as it is good to be shown: visible ASCII, cut.
[[nodiscard]] std::string client_name(const Request& request);

}  // namespace pyro::serve
