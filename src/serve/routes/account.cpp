// Signing in and out, one's own password, codes and tokens; and everybody's accounts.
#include <sodium.h>

#include "../office.hpp"
#include "pyro/archive/ids.hpp"
#include "pyro/base/notice.hpp"
#include "pyro/security/seal.hpp"
#include "pyro/security/totp.hpp"

namespace pyro::serve {

Json site_json(const archive::SiteRecord& site);  // routes/site.cpp

namespace {

using archive::AccountRecord;

security::SealKey account_sealing(const Office& office) {
  return {1, std::span<const std::uint8_t, 32>{office.secrets.seal}};
}

Json account_json(const AccountRecord& account) {
  return {{"id", account.id},
          {"name", account.name},
          {"display_name", account.display_name.empty() ? Json(nullptr) : Json(account.display_name)},
          {"role", security::role_name(account.role)},
          {"person", account.person ? Json(*account.person) : Json(nullptr)},
          {"must_change_password", account.must_change_password},
          {"has_totp", account.has_totp}};
}

// Failed tries by address, so that one machine cannot try a common password on all accounts.
class AddressLockout {
 public:
  std::chrono::microseconds wait(const std::string& address, UtcTime now) {
    const std::lock_guard lock{mutex_};
    const auto found = failures_.find(address);
    return found == failures_.end() ? std::chrono::microseconds{0}
                                    : security::wait_left(found->second, now, kRule);
  }
  void fail(const std::string& address, UtcTime now) {
    const std::lock_guard lock{mutex_};
    if (failures_.size() > 100'000) failures_.clear();
    auto& one = failures_[address];
    one = security::after_failure(one, now, kRule);
  }
  void forgive(const std::string& address) {
    const std::lock_guard lock{mutex_};
    failures_.erase(address);
  }

 private:
  static constexpr security::LockoutRule kRule{20};
  std::mutex mutex_;
  std::map<std::string, security::Failures> failures_;
};
AddressLockout& addresses() {
  static AddressLockout all;
  return all;
}

// Only so many at a time: each takes 64 MiB.
std::mutex& hashing() {
  static std::mutex one;
  return one;
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

// The account, once password and code have held. Failures are counted before the answer goes out.
Granted<AccountRecord> checked(Office& office, const Call& call) {
  const std::string name = call.body.at("name"), password = call.body.at("password");
  if (const auto left = addresses().wait(call.request.address, call.now); left.count() > 0)
    return wait_first(left);
  std::optional<AccountRecord> account;
  const Status read = office.database.read([&](store::Connection& in) -> Status {
    auto found = archive::account_named(in, name);
    if (!found) return tl::make_unexpected(found.error());
    account = std::move(*found);
    return {};
  });
  if (!read) return tl::make_unexpected(problem_of(read.error()));
  if (account) {
    if (const auto left = security::wait_left(account->failures, call.now); left.count() > 0)
      return wait_first(left);
  }
  Result<security::PasswordCheck> check = [&] {
    const std::lock_guard lock{hashing()};
    return account && !account->password.empty()
               ? security::verify_password(account->password, password, office.password_cost)
               : security::verify_nobody(password, office.password_cost);
  }();
  if (!check) return tl::make_unexpected(problem_of(check.error()));
  bool right = check->right && account && !account->disabled;
  std::int64_t step = -1;
  if (right && account->has_totp) {
    const auto secret = totp_of(office, *account);
    const std::string code = call.body.value("code", "");
    if (code.empty()) return problem(401, "code-needed", "This account asks for a code as well.");
    const auto matched =
        secret ? security::verify_totp(*secret, code, call.now, account->totp_step) : std::nullopt;
    right = matched.has_value();
    step = matched.value_or(-1);
  }
  if (!right) addresses().fail(call.request.address, call.now);
  if (!account) return wrong_login();
  std::optional<std::string> rehashed;
  if (right && check->rehash) {
    const std::lock_guard lock{hashing()};
    if (auto fresh = security::hash_password(password, office.password_cost)) rehashed = *fresh;
  }
  bool replayed = false;
  const Status kept = office.database.write([&](store::Connection& in) -> Status {
    const auto now_failures =
        right ? security::Failures{} : security::after_failure(account->failures, call.now);
    if (Status done = archive::keep_failures(in, account->id, now_failures); !done) return done;
    if (rehashed) {
      const auto done = in.change("UPDATE account SET password = $2 WHERE id = $1", account->id, *rehashed);
      if (!done) return tl::make_unexpected(done.error());
    }
    if (step < 0) return {};
    // A code counts once, also when two sign in with it at the same time.
    const auto used =
        in.change("UPDATE account SET totp_step = $2 WHERE id = $1 AND totp_step < $2", account->id, step);
    if (!used) return tl::make_unexpected(used.error());
    replayed = *used == 0;
    return {};
  });
  if (!kept) return tl::make_unexpected(problem_of(kept.error()));
  if (!right || replayed) return wrong_login();
  addresses().forgive(call.request.address);
  return *account;
}

Answer sign_in(Office& office, Call& call) {
  const Granted<AccountRecord> account = checked(office, call);
  security::AuditEntry entry = audit_entry(call, account ? "allowed" : account.error().slug);
  entry.action = "login";
  if (account) entry.actor = account->id, entry.role = security::role_name(account->role);
  if (!account) {
    (void)office.audit.record(std::move(entry));
    return tl::make_unexpected(account.error());
  }
  const std::string id = security::new_session_id();
  const auto digest = security::session_digest(id);
  const Status begun = office.database.write([&](store::Connection& in) -> Status {
    if (Status done = archive::begin_login(in, archive::hex_of(*digest), account->id, call.now,
                                           call.now + office.login_lasts);
        !done)
      return done;
    return office.audit.append(in, entry);
  });
  if (!begun) return tl::make_unexpected(problem_of(begun.error()));
  Response out = json_response(200, {{"account", account_json(*account)},
                                     {"csrf_token", security::csrf_token(office.secrets.csrf, id)},
                                     {"site", site_json(call.site)}});
  out.headers.emplace_back("set-cookie",
                           "__Host-pyrometer=" + id + "; Path=/; Secure; HttpOnly; SameSite=Strict");
  return out;
}

Answer sign_out(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    if (!call.token_hash.empty()) {
      // A program that goes takes its token along: nobody else knows that it is needed no longer.
      const auto revoked = in.change(
          "UPDATE api_token SET revoked_us = $2, version = version + 1 WHERE hash = $1 AND revoked_us IS "
          "NULL",
          call.token_hash, archive::us_of(call.now));
      if (!revoked) return trouble(revoked);
      return nothing();
    }
    if (const Status done = archive::end_login(in, call.login_hash); !done)
      return tl::make_unexpected(problem_of(done.error()));
    Response out = nothing();
    out.headers.emplace_back("set-cookie",
                             "__Host-pyrometer=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
    return out;
  });
}

// The caller's own account.
Granted<AccountRecord> own(store::Connection& in, const Call& call) {
  const auto account = archive::account_of(in, call.actor.user);
  if (!account) return tl::make_unexpected(problem_of(account.error()));
  if (!*account) return no_such();
  return **account;
}

Answer get_me(Office& office, Call& call) {
  return read(office, call, [&](store::Connection& in) -> Answer {
    const Granted<AccountRecord> account = own(in, call);
    if (!account) return tl::make_unexpected(account.error());
    Json csrf = nullptr;
    if (!call.login_hash.empty()) {
      const std::string_view cookies = call.request.header("cookie");
      const std::size_t at = cookies.find("__Host-pyrometer=") + 17;
      csrf = security::csrf_token(office.secrets.csrf, cookies.substr(at, cookies.find(';', at) - at));
    }
    return json_response(
        200, {{"account", account_json(*account)}, {"csrf_token", csrf}, {"site", site_json(call.site)}});
  });
}

Answer change_password(Office& office, Call& call) {
  const std::string old = call.body.at("old"), fresh = call.body.at("new");
  Granted<AccountRecord> account = no_such();
  const Status found = office.database.read([&](store::Connection& in) -> Status {
    account = own(in, call);
    return {};
  });
  if (!found) return tl::make_unexpected(problem_of(found.error()));
  if (!account) return tl::make_unexpected(account.error());
  const std::array names{account->name, account->display_name};
  if (const Status good = security::acceptable_password(fresh, names, office.common_passwords); !good)
    return problem(422, "password-refused", good.error().message);
  std::unique_lock lock{hashing()};
  const auto check = security::verify_password(account->password, old, office.password_cost);
  if (!check) return trouble(check);
  if (!check->right) return problem(403, "old-password-wrong", "The old password is not right.");
  if (old == fresh) return problem(422, "password-refused", "The new password must be another one.");
  const auto hash = security::hash_password(fresh, office.password_cost);
  lock.unlock();
  if (!hash) return trouble(hash);
  return write(office, call, [&](store::Connection& in) -> Answer {
    if (const Status done = archive::keep_password(in, account->id, *hash, false, call.now); !done)
      return tl::make_unexpected(problem_of(done.error()));
    return nothing();
  });
}

Answer begin_totp(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    const Granted<AccountRecord> account = own(in, call);
    if (!account) return tl::make_unexpected(account.error());
    if (account->has_totp) return problem(409, "exists", "Codes are asked for already; remove that first.");
    const auto secret = security::TotpSecret::random();
    const security::Sealed sealed =
        security::seal(secret.bytes(), "account.totp:" + account->id, account_sealing(office));
    if (const Status done = archive::keep_totp(in, account->id, std::string{sealed.begin(), sealed.end()},
                                               false, -1, call.now);
        !done)
      return tl::make_unexpected(problem_of(done.error()));
    const std::string uri = security::totp_uri(secret, call.site.name, account->name);
    const auto qr = security::qr_svg(uri);
    if (!qr) return trouble(qr);
    return json_response(200, {{"secret", secret.base32()}, {"uri", uri}, {"qr_svg", *qr}});
  });
}

Answer confirm_totp(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    const Granted<AccountRecord> account = own(in, call);
    if (!account) return tl::make_unexpected(account.error());
    const auto secret = totp_of(office, *account);
    if (!secret || account->has_totp)
      return problem(409, "nothing-begun",
                     "There is no new secret to confirm: POST /api/v1/me/totp makes one.");
    const auto step =
        security::verify_totp(*secret, call.body.at("code").get<std::string>(), call.now, std::nullopt);
    if (!step) return problem(422, "code-wrong", "This is not the code now; check the device's clock.");
    if (const Status done = archive::keep_totp(in, account->id, account->totp, true, *step, call.now); !done)
      return tl::make_unexpected(problem_of(done.error()));
    return nothing();
  });
}

Answer remove_totp(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    if (const Status done = archive::keep_totp(in, call.actor.user, std::nullopt, false, -1, call.now); !done)
      return tl::make_unexpected(problem_of(done.error()));
    return nothing();
  });
}

Answer list_my_tokens(Office& office, Call& call) {
  return list_rows(office, call, archive::kApiToken, {{"account", store::Value{call.actor.user}}}, false);
}

// The secret is told here and never again.
Answer keep_token(store::Connection& in, const Call& call, Json fields, const std::string& account) {
  const security::NewToken token = security::new_token();
  fields["account"] = account;
  fields["tail"] = token.stored.last4;
  fields["hash"] = archive::hex_of(token.stored.hash);
  const Result<Json> row = archive::insert(in, archive::kApiToken, fields, call.now);
  if (!row) return trouble(row);
  Json told = *row;
  told["secret"] = token.secret;
  return row_response(201, told);
}

Answer make_token(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    return keep_token(in, call, call.body, call.actor.user);
  });
}

Answer make_device_token(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    const auto account = archive::account_of(in, call.text("user"));
    if (!account) return trouble(account);
    // Nobody makes tokens in the name of a person.
    if (!*account || (*account)->role != security::Role::device) return no_such();
    Json fields = call.body;
    fields["scopes"] = {"stream", "observations"};
    return keep_token(in, call, fields, (*account)->id);
  });
}

Answer revoke_token(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    const auto changed = in.change(
        "UPDATE api_token SET revoked_us = $3, version = version + 1 WHERE id = $1 AND account = $2 AND "
        "revoked_us IS NULL",
        call.text("token"), call.actor.user, archive::us_of(call.now));
    if (!changed) return trouble(changed);
    if (*changed == 0) return no_such();
    return nothing();
  });
}

// Accounts, by the administrator.
Answer list_users(Office& office, Call& call) {
  return list_rows(office, call, archive::kAccount, {}, false);
}
Answer get_user(Office& office, Call& call) {
  return get_row(office, call, archive::kAccount, "user");
}

Granted<std::string> one_time_hash(Office& office, const std::string& password) {
  const std::lock_guard lock{hashing()};
  const auto hash = security::hash_password(password, office.password_cost);
  if (!hash) return tl::make_unexpected(problem_of(hash.error()));
  return *hash;
}

Answer make_user(Office& office, Call& call) {
  const std::string role = call.body.at("role");
  const bool joined = role == "participant" || role == "device";
  if (!joined && call.body.contains("person"))
    return problem(422, "person-not-here",
                   "Only a participant's or a device's account is joined to a record.");
  const std::string password = role == "device" ? "" : security::one_time_password();
  const Granted<std::string> hash =
      password.empty() ? Granted<std::string>{""} : one_time_hash(office, password);
  if (!hash) return tl::make_unexpected(hash.error());
  return write(office, call, [&](store::Connection& in) -> Answer {
    Json fields = call.body;
    if (joined && !fields.contains("person")) {
      if (role == "device")
        return problem(422, "person-missing", "A device delivers for one person: name the record.");
      // The record is the participant's own to fill in; until then it has a number for a name.
      const std::string id = archive::new_id(call.now);
      const Result<Json> person =
          archive::insert(in, archive::kPerson, {{"id", id}, {"pseudonym", "P-" + id.substr(24)}}, call.now);
      if (!person) return trouble(person);
      fields["person"] = id;
    }
    fields.update({{"disabled", false},
                   {"must_change_password", !password.empty()},
                   {"has_totp", false},
                   {"failures", 0},
                   {"password", *hash}});
    const Result<Json> row = archive::insert(in, archive::kAccount, fields, call.now);
    if (!row) return trouble(row);
    Json told = *row;
    if (!password.empty()) told["one_time_password"] = password;
    return row_response(201, told);
  });
}

// There is always somebody left who can run the site.
Granted<bool> another_administrator(store::Connection& in, const std::string& account) {
  const auto rows = in.query(
      "SELECT id FROM account WHERE role = 'administrator' AND disabled = 0 AND id <> $1 LIMIT 1", account);
  if (!rows) return tl::make_unexpected(problem_of(rows.error()));
  return !rows->empty();
}

Answer change_user(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    const std::string id = call.text("user");
    const bool steps_down =
        call.body.value("disabled", false) || call.body.value("role", "administrator") != "administrator";
    const auto before = archive::account_of(in, id);
    if (!before) return trouble(before);
    if (!*before) return no_such();
    if (steps_down && (*before)->role == security::Role::administrator) {
      const Granted<bool> another = another_administrator(in, id);
      if (!another) return tl::make_unexpected(another.error());
      if (!*another)
        return problem(409, "last-administrator",
                       "This is the last administrator's account; make another one first.");
    }
    const auto row = archive::update(in, archive::kAccount, id, wanted_version(call), call.body, call.now);
    if (!row) return trouble(row);
    if (!*row) return problem(412, "changed-meanwhile", "It has been changed since; read it again.");
    if (call.body.contains("role") || call.body.value("disabled", false)) {
      if (const Status ended = archive::end_logins_of(in, id); !ended)
        return tl::make_unexpected(problem_of(ended.error()));
    }
    return row_response(200, **row);
  });
}

Answer reset_password(Office& office, Call& call) {
  const std::string password = security::one_time_password();
  const Granted<std::string> hash = one_time_hash(office, password);
  if (!hash) return tl::make_unexpected(hash.error());
  return write(office, call, [&](store::Connection& in) -> Answer {
    const std::string id = call.text("user");
    const auto account = archive::account_of(in, id);
    if (!account) return trouble(account);
    if (!*account) return no_such();
    for (const Status& done : {archive::keep_password(in, id, *hash, true, call.now),
                               archive::keep_totp(in, id, std::nullopt, false, -1, call.now)}) {
      if (!done) return tl::make_unexpected(problem_of(done.error()));
    }
    return json_response(200, {{"one_time_password", password}});
  });
}

}  // namespace

void add_account_routes(Handlers& handlers) {
  handlers["login"] = sign_in;
  handlers["logout"] = sign_out;
  handlers["getMe"] = get_me;
  handlers["changePassword"] = change_password;
  handlers["beginTotp"] = begin_totp;
  handlers["confirmTotp"] = confirm_totp;
  handlers["removeTotp"] = remove_totp;
  handlers["listMyTokens"] = list_my_tokens;
  handlers["makeToken"] = make_token;
  handlers["makeDeviceToken"] = make_device_token;
  handlers["revokeToken"] = revoke_token;
  handlers["listUsers"] = list_users;
  handlers["getUser"] = get_user;
  handlers["makeUser"] = make_user;
  handlers["changeUser"] = change_user;
  handlers["resetPassword"] = reset_password;
}

}  // namespace pyro::serve
