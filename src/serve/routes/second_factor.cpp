// One's own authenticator, and the codes for whoever lost it.
#include "../signing_in.hpp"

namespace pyro::serve {
namespace {

using archive::AccountRecord;

Answer begin_totp(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    const Granted<AccountRecord> account = own_account(in, call);
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

// Told here and never again.
Answer fresh_recovery_codes(store::Connection& in, const std::string& account) {
  const security::RecoveryCodes fresh = security::new_recovery_codes();
  if (const Status kept = archive::keep_recovery_codes(in, account, fresh.stored); !kept)
    return tl::make_unexpected(problem_of(kept.error()));
  return json_response(200, {{"recovery_codes", fresh.codes}});
}

Answer confirm_totp(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    const Granted<AccountRecord> account = own_account(in, call);
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
    return fresh_recovery_codes(in, account->id);
  });
}

Answer remove_totp(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    if (const Status done = archive::keep_totp(in, call.actor.user, std::nullopt, false, -1, call.now); !done)
      return tl::make_unexpected(problem_of(done.error()));
    return nothing();
  });
}

// Whoever finds a browser open must not be able to take codes away with them.
Answer renew_recovery_codes(Office& office, Call& call) {
  const Granted<AccountRecord> account =
      proven(office, call, [&](store::Connection& in) { return archive::account_of(in, call.actor.user); },
             {Proof::For::signed_in, call.body.value("password", ""), call.body.at("code")});
  if (!account) {
    Problem refused = account.error();
    if (refused.status == 401) refused.status = 403;  // the login itself is good
    return tl::make_unexpected(refused);
  }
  if (!account->has_totp)
    return problem(409, "no-authenticator",
                   "Recovery codes stand in for an authenticator; set one up first.");
  return write(office, call,
               [&](store::Connection& in) -> Answer { return fresh_recovery_codes(in, account->id); });
}

}  // namespace

void add_second_factor_routes(Handlers& handlers) {
  handlers["beginTotp"] = begin_totp;
  handlers["confirmTotp"] = confirm_totp;
  handlers["removeTotp"] = remove_totp;
  handlers["renewRecoveryCodes"] = renew_recovery_codes;
}

}  // namespace pyro::serve
