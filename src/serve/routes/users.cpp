// Everybody's accounts, by the administrator.
#include "../signing_in.hpp"

namespace pyro::serve {
namespace {

Answer list_users(Office& office, Call& call) {
  return list_rows(office, call, archive::kAccount, {}, false);
}
Answer get_user(Office& office, Call& call) {
  return get_row(office, call, archive::kAccount, "user");
}

Answer make_user(Office& office, Call& call) {
  const std::string role = call.body.at("role");
  const bool joined = role == "participant" || role == "device";
  if (!joined && call.body.contains("person"))
    return problem(422, "person-not-here",
                   "Only a participant's or a device's account is joined to a record.");
  const std::string password = role == "device" ? "" : security::one_time_password();
  const Result<std::string> hash = password.empty() ? Result<std::string>{""} : hash_of(office, password);
  if (!hash) return trouble(hash);
  return write(office, call, [&](store::Connection& in) -> Answer {
    if (role == "device" && !call.body.contains("person"))
      return problem(422, "person-missing", "A device delivers for one person: name the record.");
    Json fields = call.body;
    fields.update({{"must_change_password", !password.empty()}, {"password", *hash}});
    const Result<Json> row = archive::make_account(in, fields, call.now);
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
    if ((*before)->role == security::Role::device && call.body.contains("oidc_subject"))
      return problem(422, "device", "A device signs in by its token only.");
    const auto row = archive::update(in, archive::kAccount, id, wanted_version(call), call.body, call.now);
    if (!row) return trouble(row);
    if (!*row) return problem(412, "changed-meanwhile", "It has been changed since; read it again.");
    // Who is joined to nobody at the provider any more must not stay signed in by it.
    if (call.body.contains("role") || call.body.contains("oidc_subject") ||
        call.body.value("disabled", false)) {
      if (const auto ended = archive::end_logins_of(in, id); !ended) return trouble(ended);
    }
    return row_response(200, **row);
  });
}

Answer reset_password(Office& office, Call& call) {
  const std::string password = security::one_time_password();
  const Result<std::string> hash = hash_of(office, password);
  if (!hash) return trouble(hash);
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

void add_user_routes(Handlers& handlers) {
  handlers["listUsers"] = list_users;
  handlers["getUser"] = get_user;
  handlers["makeUser"] = make_user;
  handlers["changeUser"] = change_user;
  handlers["resetPassword"] = reset_password;
}

}  // namespace pyro::serve
