// Signing in by name and password, signing out, who is signed in; and one's own password.
#include "../cookies.hpp"
#include "../signing_in.hpp"

namespace pyro::serve {
namespace {

using archive::AccountRecord;

Answer sign_in(Office& office, Call& call) {
  const std::string name = call.body.at("name");
  const Granted<AccountRecord> account =
      proven(office, call, [&](store::Connection& in) { return archive::account_named(in, name); },
             {Proof::For::sign_in, call.body.at("password"), call.body.value("code", "")});
  if (!account) {
    note_refusal(office, call, account.error(), "");
    return tl::make_unexpected(account.error());
  }
  std::string id;
  Json body;
  const Status begun = office.database.write([&](store::Connection& in) -> Status {
    Result<std::string> login = begin_login(office, in, call, *account, "");
    if (!login) return tl::make_unexpected(login.error());
    id = std::move(*login);
    Result<Json> told = signed_in_json(in, call, *account, security::csrf_token(office.secrets.csrf, id));
    if (!told) return tl::make_unexpected(told.error());
    body = std::move(*told);
    return {};
  });
  if (!begun) return tl::make_unexpected(problem_of(begun.error()));
  Response out = json_response(200, body);
  set_cookie(out, kLoginCookie, id, "Strict");
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
    clear_cookie(out, kLoginCookie, "Strict");
    return out;
  });
}

Answer get_me(Office& office, Call& call) {
  return read(office, call, [&](store::Connection& in) -> Answer {
    const Granted<AccountRecord> account = own_account(in, call);
    if (!account) return tl::make_unexpected(account.error());
    Json csrf = nullptr;
    if (!call.login_hash.empty())
      csrf = security::csrf_token(office.secrets.csrf, cookie_of(call.request, kLoginCookie));
    const Result<Json> told = signed_in_json(in, call, *account, csrf);
    if (!told) return trouble(told);
    return json_response(200, *told);
  });
}

Answer change_password(Office& office, Call& call) {
  const std::string old = call.body.at("old"), fresh = call.body.at("new");
  Granted<AccountRecord> account = no_such();
  const Status found = office.database.read([&](store::Connection& in) -> Status {
    account = own_account(in, call);
    return {};
  });
  if (!found) return tl::make_unexpected(problem_of(found.error()));
  if (!account) return tl::make_unexpected(account.error());
  const std::array names{account->name, account->display_name};
  if (const Status good = security::acceptable_password(fresh, names, office.common_passwords); !good)
    return problem(422, "password-refused", good.error().message);
  const auto check = check_of(office, account->password, old);
  if (!check) return trouble(check);
  if (!check->right || account->password.empty())
    return problem(403, "old-password-wrong", "The old password is not right.");
  if (old == fresh) return problem(422, "password-refused", "The new password must be another one.");
  const auto hash = hash_of(office, fresh);
  if (!hash) return trouble(hash);
  return write(office, call, [&](store::Connection& in) -> Answer {
    if (const Status done = archive::keep_password(in, account->id, *hash, false, call.now); !done)
      return tl::make_unexpected(problem_of(done.error()));
    return nothing();
  });
}

}  // namespace

void add_sign_in_routes(Handlers& handlers) {
  handlers["login"] = sign_in;
  handlers["logout"] = sign_out;
  handlers["getMe"] = get_me;
  handlers["changePassword"] = change_password;
}

}  // namespace pyro::serve
