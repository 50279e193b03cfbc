// Where an account is signed in: one's own, and everybody's to be ended by the administrator.
#include "../office.hpp"
#include "pyro/base/time.hpp"

namespace pyro::serve {
namespace {

Answer list_my_logins(Office& office, Call& call) {
  return read(office, call, [&](store::Connection& in) -> Answer {
    const auto logins = archive::logins_of(in, call.actor.user, call.now);
    if (!logins) return trouble(logins);
    Json rows = Json::array();
    for (const archive::LoginRow& login : *logins)
      rows.push_back({{"id", login.id},
                      {"created", utc_text(login.created)},
                      {"seen", utc_text(login.seen)},
                      {"expires", utc_text(login.expires)},
                      {"client", login.client},
                      {"current", login.hash == call.login_hash}});
    return json_response(200, {{"rows", rows}});
  });
}

Answer end_my_login(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    const auto ended =
        in.change("DELETE FROM login WHERE id = $1 AND account = $2", call.text("login"), call.actor.user);
    if (!ended) return trouble(ended);
    if (*ended == 0) return no_such();
    return nothing();
  });
}

Answer end_logins(Office& office, Call& call, const std::string& account, const std::string& but) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    const auto known = archive::account_of(in, account);
    if (!known) return trouble(known);
    if (!*known) return no_such();
    const auto ended = archive::end_logins_of(in, account, but);
    if (!ended) return trouble(ended);
    return json_response(200, {{"ended", *ended}});
  });
}

Answer end_other_logins(Office& office, Call& call) {
  return end_logins(office, call, call.actor.user, call.login_hash);
}

Answer end_logins_of_user(Office& office, Call& call) {
  return end_logins(office, call, call.text("user"), "");
}

}  // namespace

void add_login_routes(Handlers& handlers) {
  handlers["listMyLogins"] = list_my_logins;
  handlers["endMyLogin"] = end_my_login;
  handlers["endOtherLogins"] = end_other_logins;
  handlers["endLoginsOf"] = end_logins_of_user;
}

}  // namespace pyro::serve
