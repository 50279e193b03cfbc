// Tokens of programs, and those that make a device of an account.
#include "pyro/security/tokens.hpp"

#include "../office.hpp"

namespace pyro::serve {
namespace {

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

// Nobody makes tokens in the name of a person, or touches theirs.
Granted<std::string> device_named(store::Connection& in, const Call& call) {
  const auto account = archive::account_of(in, call.text("user"));
  if (!account) return trouble(account);
  if (!*account || (*account)->role != security::Role::device) return no_such();
  return (*account)->id;
}

Answer list_device_tokens(Office& office, Call& call) {
  Answer is_device = read(office, call, [&](store::Connection& in) -> Answer {
    const auto device = device_named(in, call);
    if (!device) return tl::make_unexpected(device.error());
    return nothing();
  });
  if (!is_device) return is_device;
  return list_rows(office, call, archive::kApiToken, {{"account", store::Value{call.text("user")}}}, false);
}

Answer make_device_token(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    const auto device = device_named(in, call);
    if (!device) return tl::make_unexpected(device.error());
    Json fields = call.body;
    fields["scopes"] = {"stream", "observations"};
    return keep_token(in, call, fields, *device);
  });
}

Answer revoke(store::Connection& in, const Call& call, const std::string& account) {
  const auto changed = in.change(
      "UPDATE api_token SET revoked_us = $3, version = version + 1 WHERE id = $1 AND account = $2 AND "
      "revoked_us IS NULL",
      call.text("token"), account, archive::us_of(call.now));
  if (!changed) return trouble(changed);
  if (*changed == 0) return no_such();
  return nothing();
}

Answer revoke_token(Office& office, Call& call) {
  return write(office, call,
               [&](store::Connection& in) -> Answer { return revoke(in, call, call.actor.user); });
}

Answer revoke_device_token(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    const auto device = device_named(in, call);
    if (!device) return tl::make_unexpected(device.error());
    return revoke(in, call, *device);
  });
}

}  // namespace

void add_token_routes(Handlers& handlers) {
  handlers["listMyTokens"] = list_my_tokens;
  handlers["makeToken"] = make_token;
  handlers["revokeToken"] = revoke_token;
  handlers["listDeviceTokens"] = list_device_tokens;
  handlers["makeDeviceToken"] = make_device_token;
  handlers["revokeDeviceToken"] = revoke_device_token;
}

}  // namespace pyro::serve
