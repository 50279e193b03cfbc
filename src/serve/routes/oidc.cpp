// Signing in by the site's provider: where to go, and what comes back.
#include "../cookies.hpp"
#include "../oidc/provider.hpp"
#include "../signing_in.hpp"
#include "pyro/archive/ids.hpp"

namespace pyro::serve {
namespace {

using archive::AccountRecord;

constexpr std::chrono::minutes kTimeAtProvider{10};

// A server without a provider answers as if it had never heard of one.
tl::unexpected<Problem> no_provider() {
  return problem(404, "no-such-path",
                 "There is nothing at this path; /api/v1/openapi.json lists what there is.");
}

tl::unexpected<Problem> start_again() {
  return problem(401, "sign-in-over",
                 "This sign-in was not begun in this browser, took too long or is over; start again.");
}

tl::unexpected<Problem> no_account() {
  return problem(403, "no-account",
                 "The provider knows you, but there is no account for you here; ask the administrator.");
}

Answer get_provider(Office& office, Call&) {
  if (office.provider == nullptr) return no_provider();
  return json_response(200, {{"label", office.provider->settings().label}});
}

Answer begin_provider_sign_in(Office& office, Call& call) {
  if (office.provider == nullptr) return no_provider();
  if (const auto wait = must_wait(call.request.address, call.now)) return tl::make_unexpected(*wait);
  const security::SignInRequest request = security::new_sign_in_request(call.now + kTimeAtProvider);
  const Granted<std::string> address = office.provider->address_for(request, call.now);
  if (!address) return tl::make_unexpected(address.error());
  Response out = json_response(200, {{"address", *address}});
  // The provider sends the browser back from another site, where a strict cookie would stay behind.
  set_cookie(out, kSignInCookie, security::sealed_request(request, account_sealing(office)), "Lax",
             "; Max-Age=" + std::to_string(std::chrono::seconds{kTimeAtProvider}.count()));
  return out;
}

// What the provider says, once the answer is known to be this browser's own.
Granted<security::IdClaims> claims_of_answer(Office& office, const Call& call) {
  oidc::Provider& provider = *office.provider;
  const auto request =
      security::opened_request(cookie_of(call.request, kSignInCookie), account_sealing(office), call.now);
  if (!request || !security::answers(*request, call.text("state")) ||
      !provider.first_answer(*request, call.now))
    return start_again();
  // Said by another provider (RFC 9207).
  if (const std::string issuer = call.text("iss"); !issuer.empty() && issuer != provider.settings().issuer)
    return start_again();
  if (!call.text("error").empty())
    return problem(401, "provider-refused", "The provider did not let you in; start again.");
  if (call.text("code").empty()) return start_again();
  return provider.redeem(call.text("code"), *request, call.now);
}

bool of_domain(const std::string& email, const std::vector<std::string>& domains) {
  const std::size_t at = email.rfind('@');
  return domains.empty() ||
         (at != std::string::npos && std::ranges::find(domains, email.substr(at + 1)) != domains.end());
}

// A name that is free, the address where it may be one.
Result<std::string> free_name(store::Connection& in, const std::string& email, UtcTime now) {
  constexpr std::string_view kSigns =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@+-";  // the contract's Name
  if (!email.empty() && email.size() <= 80 && email.find_first_not_of(kSigns) == std::string::npos) {
    const auto taken = archive::account_named(in, email);
    if (!taken) return tl::make_unexpected(taken.error());
    if (!*taken) return email;
  }
  return "sso-" + archive::new_id(now).substr(24);
}

// What the provider says of the role of whoever signs in; empty: nothing that this site knows.
std::string claimed_role(const OidcSettings& settings, const security::IdClaims& claims) {
  return settings.role_claim.empty() ? "" : role_meant(settings, claims.roles);
}

// Whose account it is: the one that is joined to this subject, else one that may be joined or made now.
Result<std::optional<AccountRecord>> account_for(store::Connection& in, const OidcSettings& settings,
                                                 const security::IdClaims& claims, UtcTime now) {
  const std::string subject = claims.issuer + " " + claims.subject;
  auto account = archive::account_of_subject(in, subject);
  if (!account || *account) return account;
  if (settings.link_email && !claims.email.empty()) {
    account = archive::account_to_link(in, claims.email);
    if (!account) return account;
    if (*account) {
      if (Status kept = archive::keep_subject(in, (*account)->id, subject, now); !kept)
        return tl::make_unexpected(kept.error());
      return account;
    }
  }
  if (settings.create_role.empty()) return std::nullopt;
  const std::string role = claimed_role(settings, claims);
  const Result<std::string> name = free_name(in, claims.email, now);
  if (!name) return tl::make_unexpected(name.error());
  Json fields{{"name", *name},
              {"role", role.empty() ? settings.create_role : role},
              {"must_change_password", false},
              {"password", ""},
              {"oidc_subject", subject}};
  if (!claims.name.empty()) fields["display_name"] = claims.name;
  const Result<Json> made = archive::make_account(in, fields, now);
  if (!made) return tl::make_unexpected(made.error());
  return archive::account_of(in, made->at("id").get<std::string>());
}

// The session's id, or why this account is not let in although the provider knows its owner.
Granted<std::string> let_account_in(Office& office, store::Connection& in, const Call& call,
                                    const security::IdClaims& claims) {
  const OidcSettings& settings = office.provider->settings();
  const std::string role = claimed_role(settings, claims);
  if (settings.role_required && role.empty())
    return problem(
        403, "no-role",
        "The provider knows you, but gives you no role that this site knows; ask whoever runs it there.");
  const auto account = account_for(in, settings, claims, call.now);
  if (!account) return tl::make_unexpected(problem_of(account.error()));
  if (!*account) return no_account();
  AccountRecord known = **account;
  if (known.disabled || known.role == security::Role::device) return no_account();
  if (const auto left = security::wait_left(known.failures, call.now); left.count() > 0)
    return wait_first(left);
  if (known.has_totp && !claims.second_factor)
    return problem(403, "second-factor-needed",
                   "This account asks for a code, and the provider does not say that it asked for a second "
                   "factor; sign in with password and code.");
  if (const Status gone = archive::forget_one_time_password(in, known.id, call.now); !gone)
    return tl::make_unexpected(problem_of(gone.error()));
  std::string detail = "provider";
  const auto becomes = security::role_named(role);
  // An administrator's role is this site's alone: otherwise the provider could leave it without one.
  if (becomes && *becomes != known.role && known.role != security::Role::administrator) {
    if (const Status kept = archive::keep_role(in, known.id, *becomes, call.now); !kept)
      return tl::make_unexpected(problem_of(kept.error()));
    detail += ", who was " + std::string{security::role_name(known.role)} + ", now is " + role;
    known.role = *becomes;
  }
  Result<std::string> id = begin_login(office, in, call, known, std::move(detail));
  if (!id) return tl::make_unexpected(problem_of(id.error()));
  return std::move(*id);
}

Granted<std::string> signed_in_by_provider(Office& office, const Call& call) {
  if (const auto wait = must_wait(call.request.address, call.now)) return tl::make_unexpected(*wait);
  const Granted<security::IdClaims> claims = claims_of_answer(office, call);
  if (!claims) {
    if (claims.error().status == 401) count_failure(call.request.address, call.now);
    return tl::make_unexpected(claims.error());
  }
  if (!of_domain(claims->email, office.provider->settings().domains)) return no_account();
  Granted<std::string> id = no_account();
  const Status begun = office.database.write([&](store::Connection& in) -> Status {
    id = let_account_in(office, in, call, *claims);
    if (!id) return failed("refused");  // undoes what was joined or made
    return {};
  });
  if (id && !begun) return tl::make_unexpected(problem_of(begun.error()));
  return id;
}

Answer end_provider_sign_in(Office& office, Call& call) {
  if (office.provider == nullptr) return no_provider();
  const Granted<std::string> id = signed_in_by_provider(office, call);
  if (!id) {
    note_refusal(office, call, id.error(), "provider");
    return tl::make_unexpected(id.error());
  }
  Response out;
  out.status = 303;
  out.headers = {{"location", "/"}, {"cache-control", "no-store"}};
  set_cookie(out, kLoginCookie, *id, "Strict");
  clear_cookie(out, kSignInCookie, "Lax");
  return out;
}

}  // namespace

void add_oidc_routes(Handlers& handlers) {
  handlers["getProvider"] = get_provider;
  handlers["beginProviderSignIn"] = begin_provider_sign_in;
  handlers["endProviderSignIn"] = end_provider_sign_in;
}

}  // namespace pyro::serve
