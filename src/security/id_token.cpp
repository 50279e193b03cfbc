#include "pyro/security/id_token.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "signing_key.hpp"

namespace pyro::security {

namespace {

using Json = nlohmann::json;

tl::unexpected<Error> no_token(const std::string& why) {
  return bad_input("the provider's ID token is refused: " + why);
}

// A JSON object of bounded depth; null where it is none.
Json object_of(std::string_view text) {
  try {
    Json out = Json::parse(text, [](int depth, Json::parse_event_t, Json&) {
      if (depth > 16) throw std::length_error("nested too deeply");
      return true;
    });
    return out.is_object() ? out : Json();
  } catch (const std::exception&) {
    return {};
  }
}

std::string text_of(const Json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

// Seconds since 1970; a fraction is allowed (RFC 7519, 2).
std::optional<UtcTime> time_of_member(const Json& object, const char* member) {
  const auto found = object.find(member);
  if (found == object.end() || !found->is_number()) return std::nullopt;
  const double seconds = found->get<double>();
  constexpr double kMost = 1e11;  // the year 5138; microseconds of it still fit
  if (!std::isfinite(seconds) || seconds < 0 || seconds > kMost) return std::nullopt;
  return UtcTime{std::chrono::microseconds{static_cast<std::int64_t>(seconds * 1e6)}};
}

struct Parts {
  std::string_view signed_text;
  Json header, claims;
  std::string signature;
  SigningKind kind = SigningKind::rs256;
};

Result<Parts> parts_of(std::string_view token) {
  if (token.size() > kMostTokenBytes) return no_token("it is too long");
  const std::size_t first = token.find('.'), second = token.find('.', std::min(first, token.size()) + 1);
  if (first == std::string_view::npos || second == std::string_view::npos ||
      token.find('.', second + 1) != std::string_view::npos)
    return no_token("it has not three parts");
  Parts out;
  out.signed_text = token.substr(0, second);
  const auto header = from_base64url(token.substr(0, first));
  const auto claims = from_base64url(token.substr(first + 1, second - first - 1));
  auto signature = from_base64url(token.substr(second + 1));
  if (!header || !claims || !signature) return no_token("it is not base64url");
  out.header = object_of(*header);
  out.claims = object_of(*claims);
  out.signature = std::move(*signature);
  if (out.header.is_null() || out.claims.is_null()) return no_token("it holds no JSON objects");
  const std::string algorithm = text_of(out.header, "alg");
  if (algorithm != "RS256" && algorithm != "ES256")
    return no_token("it must be signed by RS256 or ES256; set that for this client at the provider");
  out.kind = algorithm == "RS256" ? SigningKind::rs256 : SigningKind::es256;
  // Extensions that must be understood: we know none (RFC 7515, 4.1.11).
  if (out.header.contains("crit")) return no_token("its header has extensions");
  return out;
}

std::vector<Json> keys_for(const Parts& parts, std::string_view key_set) {
  std::vector<Json> out;
  const Json set = object_of(key_set.substr(0, kMostKeySetBytes));
  const auto keys = set.is_object() ? set.find("keys") : set.end();
  if (!set.is_object() || keys == set.end() || !keys->is_array()) return out;
  const auto named = parts.header.find("kid");
  constexpr std::size_t kMostKeys = 64;
  for (const Json& key : *keys) {
    if (!may_sign(key, parts.kind)) continue;
    if (named != parts.header.end() && (!key.contains("kid") || key["kid"] != *named)) continue;
    if (out.size() < kMostKeys) out.push_back(key);
  }
  return out;
}

bool meant_for(const Json& claims, const std::string& client_id) {
  const auto audience = claims.find("aud");
  if (audience == claims.end()) return false;
  const bool several = audience->is_array() && audience->size() > 1;
  const bool among = audience->is_array() ? std::ranges::find(*audience, Json(client_id)) != audience->end()
                                          : *audience == Json(client_id);
  // Who else it is for may not use it here: then azp says whom it was made for.
  const auto party = claims.find("azp");
  return among && (party == claims.end() ? !several : *party == Json(client_id));
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

// A line that may be shown; empty where it is none.
std::string shown(std::string text) {
  constexpr std::size_t kMost = 200;
  const bool controls = std::ranges::any_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 32 || byte == 127;
  });
  return controls || text.size() > kMost ? std::string{} : text;
}

// A claim's texts, one or a list of them. Its name is a member's, or leads through objects by dots.
std::vector<std::string> texts_of(const Json& claims, const std::string& name) {
  constexpr std::size_t kMost = 500;
  const Json* at = &claims;
  if (const auto whole = claims.find(name); whole != claims.end()) {
    at = &*whole;
  } else {
    for (std::size_t from = 0; from <= name.size();) {
      const std::size_t end = std::min(name.find('.', from), name.size());
      const auto member = at->is_object() ? at->find(name.substr(from, end - from)) : at->end();
      if (!at->is_object() || member == at->end()) return {};
      at = &*member;
      from = end + 1;
    }
  }
  std::vector<std::string> out;
  if (at->is_string()) out.push_back(at->get<std::string>());
  if (at->is_array()) {
    for (const Json& one : *at) {
      if (one.is_string() && out.size() < kMost) out.push_back(one.get<std::string>());
    }
  }
  return out;
}

Result<IdClaims> claims_of(const Json& claims, const IdTokenExpected& expected, UtcTime now) {
  if (text_of(claims, "iss") != expected.issuer) return no_token("another issuer made it");
  if (!meant_for(claims, expected.client_id)) return no_token("it is for another client");
  const auto expires = time_of_member(claims, "exp"), issued = time_of_member(claims, "iat");
  if (!expires || !issued) return no_token("it does not say when it was issued and expires");
  if (*expires + expected.leeway <= now) return no_token("it has expired; compare the clocks");
  if (*issued > now + expected.leeway) return no_token("it was issued in the future; compare the clocks");
  if (*issued + expected.most_age + expected.leeway < now)
    return no_token("it was issued too long ago; compare the clocks");
  if (claims.contains("nbf")) {
    const auto from = time_of_member(claims, "nbf");
    if (!from || *from > now + expected.leeway) return no_token("it is not in force yet; compare the clocks");
  }
  if (expected.nonce.empty() || text_of(claims, "nonce") != expected.nonce)
    return no_token("it was made for another sign-in");
  IdClaims out;
  out.issuer = expected.issuer;
  out.subject = text_of(claims, "sub");
  const bool plain = std::ranges::all_of(out.subject, [](char c) { return c > 32 && c < 127; });
  if (out.subject.empty() || out.subject.size() > 255 || !plain)
    return no_token("its subject is not 1 to 255 visible ASCII characters");
  const auto verified = claims.find("email_verified");
  if (verified != claims.end() && *verified == Json(true)) out.email = lower(shown(text_of(claims, "email")));
  out.name = shown(text_of(claims, "name"));
  if (!expected.role_claim.empty()) out.roles = texts_of(claims, expected.role_claim);
  const auto methods = claims.find("amr");
  out.second_factor = methods != claims.end() && methods->is_array() &&
                      std::ranges::find(*methods, Json("mfa")) != methods->end();
  return out;
}

}  // namespace

Result<std::optional<IdClaims>> read_id_token(std::string_view token, std::string_view key_set,
                                              const IdTokenExpected& expected, UtcTime now) {
  const Result<Parts> parts = parts_of(token);
  if (!parts) return tl::make_unexpected(parts.error());
  const std::vector<Json> keys = keys_for(*parts, key_set);
  if (keys.empty()) return std::nullopt;
  const bool holds = std::ranges::any_of(keys, [&](const Json& key) {
    return signature_holds(key, parts->kind, parts->signed_text, parts->signature);
  });
  if (!holds) return no_token("its signature does not hold");
  Result<IdClaims> claims = claims_of(parts->claims, expected, now);
  if (!claims) return tl::make_unexpected(claims.error());
  return std::optional{std::move(*claims)};
}

}  // namespace pyro::security
