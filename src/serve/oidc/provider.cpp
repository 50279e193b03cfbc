#include "provider.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "fetch.hpp"
#include "pyro/base/percent.hpp"

namespace pyro::serve::oidc {
namespace {

constexpr std::chrono::hours kKept{1};  // discovery and keys
constexpr int kMostAtOnce = 4;          // so that a slow provider leaves workers to everybody else
constexpr std::size_t kMostAnswered = 100'000;

tl::unexpected<Problem> provider_away() {
  Problem out{502, "provider-away",
              "The provider of sign-in does not answer as it should; try again, or sign in with a password."};
  return tl::make_unexpected(out);
}

tl::unexpected<Problem> away(const Error& error) {
  spdlog::warn("sign-in: {}", error.text());
  return provider_away();
}

tl::unexpected<Problem> not_let_in() {
  return problem(401, "login-failed", "The provider's answer does not let anybody in; start again.");
}

// A place among those who may talk to the provider now.
class Turn {
 public:
  explicit Turn(std::atomic<int>& talking) : talking_(talking), taken_(++talking <= kMostAtOnce) {}
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() { --talking_; }
  [[nodiscard]] bool taken() const { return taken_; }

 private:
  std::atomic<int>& talking_;
  bool taken_;
};

tl::unexpected<Problem> too_many() {
  Problem out{503, "busy", "Too many are signing in by the provider at this moment; try again."};
  out.more["retry_after_s"] = 2;
  return tl::make_unexpected(out);
}

std::string text_in(const Json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

}  // namespace

Provider::Provider(OidcSettings settings, std::string secret)
    : settings_(std::move(settings)), secret_(std::move(secret)) {}

Granted<Json> Provider::document_at(const std::string& url) {
  FetchRequest request;
  request.url = url;
  request.ca_file = settings_.ca_file;
  const Result<Fetched> got = fetch(request);
  if (!got) return away(got.error());
  Json document = Json::parse(got->body, nullptr, false);
  if (got->status != 200 || !document.is_object())
    return away({ErrorCode::failed, "the provider of sign-in answers something else than a JSON document",
                 url + ": status " + std::to_string(got->status)});
  return document;
}

Granted<Provider::Facts> Provider::facts(UtcTime now) {
  {
    const std::lock_guard lock{mutex_};
    if (facts_ && facts_->read <= now && now < facts_->read + kKept) return *facts_;
  }
  std::string base = settings_.issuer;
  if (base.ends_with('/')) base.pop_back();
  const Granted<Json> document = document_at(base + "/.well-known/openid-configuration");
  if (!document) return tl::make_unexpected(document.error());
  Facts fresh;
  fresh.authorization = text_in(*document, "authorization_endpoint");
  fresh.token = text_in(*document, "token_endpoint");
  fresh.keys_at = text_in(*document, "jwks_uri");
  const auto methods = document->find("token_endpoint_auth_methods_supported");
  fresh.secret_in_form = methods != document->end() && methods->is_array() &&
                         std::ranges::find(*methods, Json("client_secret_basic")) == methods->end();
  fresh.read = now;
  // Whoever answers in another's name would be believed otherwise (Discovery 1.0, 4.3).
  if (text_in(*document, "issuer") != settings_.issuer)
    return away({ErrorCode::failed, "the provider of sign-in calls itself otherwise; see oidc-issuer", ""});
  for (const std::string& url : {fresh.authorization, fresh.token, fresh.keys_at}) {
    if (!may_be_asked(url) || (url.starts_with("http:") && !settings_.issuer.starts_with("http:")))
      return away({ErrorCode::failed, "the provider of sign-in names an address that is not https", url});
  }
  const std::lock_guard lock{mutex_};
  facts_ = fresh;
  return fresh;
}

Granted<std::string> Provider::key_set(const Facts& facts, bool anew, UtcTime now) {
  if (!anew) {
    const std::lock_guard lock{mutex_};
    if (!keys_.empty() && keys_read_ <= now && now < keys_read_ + kKept) return keys_;
  }
  const Granted<Json> document = document_at(facts.keys_at);
  if (!document) return tl::make_unexpected(document.error());
  const std::lock_guard lock{mutex_};
  keys_ = document->dump(-1, ' ', false, Json::error_handler_t::replace);
  keys_read_ = now;
  return keys_;
}

Granted<std::string> Provider::address_for(const security::SignInRequest& request, UtcTime now) {
  const Turn turn{talking_};
  if (!turn.taken()) return too_many();
  const Granted<Facts> where = facts(now);
  if (!where) return tl::make_unexpected(where.error());
  std::string out = where->authorization;
  char before = out.find('?') == std::string::npos ? '?' : '&';
  const std::pair<const char*, std::string> parameters[] = {
      {"response_type", "code"},
      {"client_id", settings_.client_id},
      {"redirect_uri", settings_.redirect},
      {"scope", settings_.scopes},
      {"state", request.state},
      {"nonce", request.nonce},
      {"code_challenge", security::pkce_challenge(request.verifier)},
      {"code_challenge_method", "S256"}};
  for (const auto& [name, value] : parameters) {
    out += before + std::string{name} + "=" + percent_encoded(value);
    before = '&';
  }
  return out;
}

Granted<std::string> Provider::id_token(const Facts& facts, const std::string& code,
                                        const std::string& verifier) {
  FetchRequest request;
  request.url = facts.token;
  request.ca_file = settings_.ca_file;
  request.form = {{"grant_type", "authorization_code"},
                  {"code", code},
                  {"redirect_uri", settings_.redirect},
                  {"client_id", settings_.client_id},
                  {"code_verifier", verifier}};
  if (!secret_.empty() && facts.secret_in_form) {
    request.form->emplace_back("client_secret", secret_);
  } else if (!secret_.empty()) {
    // Encoded first, as in a form (RFC 6749, 2.3.1).
    request.user = percent_encoded(settings_.client_id);
    request.password = percent_encoded(secret_);
  }
  const Result<Fetched> got = fetch(request);
  if (!got) return away(got.error());
  const Json document = Json::parse(got->body, nullptr, false);
  if (got->status == 400 && document.is_object() && text_in(document, "error") == "invalid_grant")
    return not_let_in();
  std::string token = document.is_object() ? text_in(document, "id_token") : std::string{};
  if (got->status != 200 || token.empty())
    return away({ErrorCode::failed, "the provider of sign-in gives no ID token for a code",
                 "status " + std::to_string(got->status)});
  return token;
}

Granted<security::IdClaims> Provider::redeem(const std::string& code, const security::SignInRequest& request,
                                             UtcTime now) {
  const Turn turn{talking_};
  if (!turn.taken()) return too_many();
  const Granted<Facts> where = facts(now);
  if (!where) return tl::make_unexpected(where.error());
  const Granted<std::string> token = id_token(*where, code, request.verifier);
  if (!token) return tl::make_unexpected(token.error());
  const security::IdTokenExpected expected{.issuer = settings_.issuer,
                                           .client_id = settings_.client_id,
                                           .nonce = request.nonce,
                                           .role_claim = settings_.role_claim};
  // A key that is not known may be a new one: then the set is read once more.
  for (const bool anew : {false, true}) {
    const Granted<std::string> keys = key_set(*where, anew, now);
    if (!keys) return tl::make_unexpected(keys.error());
    Result<std::optional<security::IdClaims>> claims = security::read_id_token(*token, *keys, expected, now);
    if (!claims) {
      spdlog::warn("sign-in: {}", claims.error().text());
      return not_let_in();
    }
    if (*claims) return std::move(**claims);
  }
  spdlog::warn("sign-in: the provider's ID token is signed by a key that the provider does not name");
  return not_let_in();
}

bool Provider::first_answer(const security::SignInRequest& request, UtcTime now) {
  const std::lock_guard lock{mutex_};
  std::erase_if(answered_, [&](const auto& one) { return one.second <= now; });
  // Beyond this nobody signs in for a while; that is better than a state that counts twice.
  return answered_.size() < kMostAnswered && answered_.emplace(request.state, request.until).second;
}

}  // namespace pyro::serve::oidc
