#include "signing_in.hpp"

#include <map>

namespace pyro::serve {

Json site_json(const archive::SiteRecord& site);  // routes/site.cpp

namespace {

using archive::AccountRecord;

constexpr security::LockoutRule kAddressRule{20};

struct AddressFailures {
  std::mutex mutex;
  std::map<std::string, security::Failures> by_address;
};
AddressFailures& address_failures() {
  static AddressFailures all;
  return all;
}

void forgive(const std::string& address) {
  AddressFailures& all = address_failures();
  const std::lock_guard lock{all.mutex};
  all.by_address.erase(address);
}

std::mutex& hashing() {
  static std::mutex one;
  return one;
}

// What a code turned out to be.
struct CodeUse {
  std::int64_t totp_step = -1;
  std::optional<security::Digest> recovery;
};

std::optional<CodeUse> code_use(const Office& office, const AccountRecord& account,
                                const std::vector<security::Digest>& recovery, const std::string& code,
                                UtcTime now) {
  if (const auto secret = totp_of(office, account)) {
    if (const auto step = security::verify_totp(*secret, code, now, account.totp_step))
      return CodeUse{*step, std::nullopt};
  }
  if (const auto match = security::match_recovery_code(code, recovery)) return CodeUse{-1, recovery[*match]};
  return std::nullopt;
}

// False: somebody else used it at the same time.
Result<bool> use_code(store::Connection& in, const AccountRecord& account, const CodeUse& use) {
  if (use.recovery) return archive::use_recovery_code(in, account.id, *use.recovery);
  const auto used = in.change("UPDATE account SET totp_step = $2 WHERE id = $1 AND totp_step < $2",
                              account.id, use.totp_step);
  if (!used) return tl::make_unexpected(used.error());
  return *used > 0;
}

}  // namespace

security::SealKey account_sealing(const Office& office) {
  return {1, std::span<const std::uint8_t, 32>{office.secrets.seal}};
}

Json account_json(const AccountRecord& account, std::size_t codes_left) {
  return {{"id", account.id},
          {"name", account.name},
          {"display_name", account.display_name.empty() ? Json(nullptr) : Json(account.display_name)},
          {"role", security::role_name(account.role)},
          {"person", account.person ? Json(*account.person) : Json(nullptr)},
          {"must_change_password", account.must_change_password},
          {"has_totp", account.has_totp},
          {"recovery_codes_left", account.has_totp ? Json(codes_left) : Json(nullptr)}};
}

Result<Json> signed_in_json(store::Connection& in, const Call& call, const AccountRecord& account,
                            const Json& csrf_token) {
  const auto codes = archive::recovery_codes_of(in, account.id);
  if (!codes) return tl::make_unexpected(codes.error());
  return Json{{"account", account_json(account, codes->size())},
              {"csrf_token", csrf_token},
              {"site", site_json(call.site)}};
}

Granted<AccountRecord> own_account(store::Connection& in, const Call& call) {
  const auto account = archive::account_of(in, call.actor.user);
  if (!account) return tl::make_unexpected(problem_of(account.error()));
  if (!*account) return no_such();
  return **account;
}

std::optional<security::TotpSecret> totp_of(const Office& office, const AccountRecord& account) {
  if (account.totp.empty()) return std::nullopt;
  const security::SealKey key = account_sealing(office);
  const std::span sealed{reinterpret_cast<const std::uint8_t*>(account.totp.data()), account.totp.size()};
  const auto plain = security::open_sealed(sealed, "account.totp:" + account.id, std::span{&key, 1});
  if (!plain) return std::nullopt;
  auto secret = security::TotpSecret::of_bytes(plain->text());
  if (!secret) return std::nullopt;
  return *secret;
}

Result<std::string> hash_of(const Office& office, const std::string& password) {
  const std::lock_guard lock{hashing()};
  return security::hash_password(password, office.password_cost);
}

Result<security::PasswordCheck> check_of(const Office& office, const std::string& hash,
                                         const std::string& password) {
  const std::lock_guard lock{hashing()};
  return hash.empty() ? security::verify_nobody(password, office.password_cost)
                      : security::verify_password(hash, password, office.password_cost);
}

std::optional<Problem> must_wait(const std::string& address, UtcTime now) {
  AddressFailures& all = address_failures();
  const std::lock_guard lock{all.mutex};
  const auto found = all.by_address.find(address);
  if (found == all.by_address.end()) return std::nullopt;
  const auto left = security::wait_left(found->second, now, kAddressRule);
  if (left.count() <= 0) return std::nullopt;
  return wait_first(left).value();
}

void count_failure(const std::string& address, UtcTime now) {
  AddressFailures& all = address_failures();
  const std::lock_guard lock{all.mutex};
  if (all.by_address.size() > 100'000) all.by_address.clear();
  auto& one = all.by_address[address];
  one = security::after_failure(one, now, kAddressRule);
}

tl::unexpected<Problem> wait_first(std::chrono::microseconds left) {
  const auto wait_s = static_cast<int>(std::chrono::ceil<std::chrono::seconds>(left).count());
  Problem out{429, "too-many-failures", "Too many failed tries; wait " + std::to_string(wait_s) + " s."};
  out.more["retry_after_s"] = wait_s;
  return tl::make_unexpected(out);
}

tl::unexpected<Problem> wrong_login() {
  return problem(401, "login-failed", "Name, password or code is wrong.");
}

Granted<AccountRecord> proven(Office& office, const Call& call, const FindAccount& find, const Proof& proof) {
  if (const auto wait = must_wait(call.request.address, call.now)) return tl::make_unexpected(*wait);
  std::optional<AccountRecord> account;
  std::vector<security::Digest> recovery;
  const Status read = office.database.read([&](store::Connection& in) -> Status {
    auto found = find(in);
    if (!found) return tl::make_unexpected(found.error());
    account = std::move(*found);
    if (!account || !account->has_totp) return {};
    auto codes = archive::recovery_codes_of(in, account->id);
    if (!codes) return tl::make_unexpected(codes.error());
    recovery = std::move(*codes);
    return {};
  });
  if (!read) return tl::make_unexpected(problem_of(read.error()));
  if (account) {
    if (const auto left = security::wait_left(account->failures, call.now); left.count() > 0)
      return wait_first(left);
  }
  const std::string hash = account ? account->password : "";
  const bool by_code_alone = proof.what == Proof::For::signed_in && account && hash.empty();
  const Result<security::PasswordCheck> check = check_of(office, hash, proof.password);
  if (!check) return tl::make_unexpected(problem_of(check.error()));
  if (!account) {
    count_failure(call.request.address, call.now);
    return wrong_login();
  }
  bool right = !account->disabled && (by_code_alone || (check->right && !hash.empty()));
  std::optional<CodeUse> use;
  if (right && account->has_totp) {
    if (proof.code.empty()) return problem(401, "code-needed", "This account asks for a code as well.");
    use = code_use(office, *account, recovery, proof.code, call.now);
    right = use.has_value();
  }
  if (!right) count_failure(call.request.address, call.now);
  std::optional<std::string> rehashed;
  if (right && check->rehash) {
    if (auto fresh = hash_of(office, proof.password)) rehashed = *fresh;
  }
  bool counts = true;
  const Status kept = office.database.write([&](store::Connection& in) -> Status {
    const auto now_failures =
        right ? security::Failures{} : security::after_failure(account->failures, call.now);
    if (Status done = archive::keep_failures(in, account->id, now_failures); !done) return done;
    if (rehashed) {
      const auto done = in.change("UPDATE account SET password = $2 WHERE id = $1", account->id, *rehashed);
      if (!done) return tl::make_unexpected(done.error());
    }
    if (!use) return {};
    const Result<bool> used = use_code(in, *account, *use);
    if (!used) return tl::make_unexpected(used.error());
    counts = *used;
    return {};
  });
  if (!kept) return tl::make_unexpected(problem_of(kept.error()));
  if (!right || !counts) return wrong_login();
  forgive(call.request.address);
  return *account;
}

Result<std::string> begin_login(Office& office, store::Connection& in, const Call& call,
                                const AccountRecord& account, std::string detail) {
  std::string id = security::new_session_id();
  const auto digest = security::session_digest(id);
  if (!digest) return tl::make_unexpected(digest.error());
  if (Status begun = archive::begin_login(in, archive::hex_of(*digest), account.id, client_name(call.request),
                                          call.now, call.now + office.login_lasts);
      !begun)
    return tl::make_unexpected(begun.error());
  security::AuditEntry entry = audit_entry(call, "allowed", std::move(detail));
  entry.action = "login";
  entry.actor = account.id;
  entry.role = security::role_name(account.role);
  if (Status noted = office.audit.append(in, entry); !noted) return tl::make_unexpected(noted.error());
  return id;
}

void note_refusal(Office& office, const Call& call, const Problem& problem, std::string detail) {
  security::AuditEntry entry = audit_entry(call, problem.slug, std::move(detail));
  entry.action = "login";
  (void)office.audit.record(std::move(entry));
}

std::string client_name(const Request& request) {
  constexpr std::size_t kMost = 160;
  std::string out;
  for (const char c : request.header("user-agent")) {
    if (c >= ' ' && c < 127) out += c;
    if (out.size() == kMost) break;
  }
  return out;
}

}  // namespace pyro::serve
