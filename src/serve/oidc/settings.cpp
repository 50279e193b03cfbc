#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>

#include "pyro/base/files.hpp"
#include "pyro/security/access.hpp"
#include "pyro/serve/oidc_settings.hpp"

namespace pyro::serve {
namespace {

constexpr std::string_view kCallback = "/api/v1/oidc/callback";

// "host:port" of "https://host:port/…"; empty where there is none.
std::string_view authority_of(std::string_view url) {
  url.remove_prefix(std::min(url.find("//"), url.size() - 2) + 2);
  return url.substr(0, url.find_first_of("/?"));
}
std::string_view host_of(std::string_view url) {
  const std::string_view authority = authority_of(url);
  return authority.starts_with('[') ? authority.substr(0, authority.find(']') + 1)
                                    : authority.substr(0, authority.find(':'));
}

bool well_formed(std::string_view url) {
  const bool visible = std::ranges::all_of(url, [](char c) { return c > 32 && c < 127; });
  return visible && url.size() >= 8 && url.size() <= 2000 &&
         url.find_first_of("#\\\"<>") == std::string_view::npos &&
         authority_of(url).find('@') == std::string_view::npos && !host_of(url).empty();
}

constexpr std::string_view kWhichRoles = " is none of participant, clinician, researcher, organisation_lead";

// By a provider nobody becomes an administrator, and no device.
bool may_be_given(const std::string& name) {
  const auto role = security::role_named(name);
  return role && *role != security::Role::administrator && *role != security::Role::device;
}

}  // namespace

bool may_be_asked(const std::string& url) {
  if (!well_formed(url)) return false;
  if (url.starts_with("https://")) return true;
  const std::string_view host = host_of(url);
  return url.starts_with("http://") && (host == "127.0.0.1" || host == "localhost" || host == "[::1]");
}

std::string role_meant(const OidcSettings& settings, const std::vector<std::string>& claimed) {
  for (const std::string& one : settings.roles) {
    const std::size_t at = one.rfind('=');
    if (std::ranges::find(claimed, one.substr(0, at)) != claimed.end()) return one.substr(at + 1);
  }
  return {};
}

Status check_oidc(const OidcSettings& settings) {
  if (settings.issuer.empty()) {
    if (settings.client_id.empty() && settings.redirect.empty()) return {};
    return wrong_use("oidc-issuer is missing: the address of the provider of sign-in");
  }
  if (!may_be_asked(settings.issuer) || settings.issuer.find('?') != std::string::npos)
    return wrong_use("oidc-issuer: " + settings.issuer +
                     " must be an https address without a query, as the provider writes it (http on this "
                     "machine alone)");
  if (settings.client_id.empty())
    return wrong_use("oidc-client-id is missing: how the provider knows this server");
  if (!settings.redirect.starts_with("https://") || !well_formed(settings.redirect) ||
      settings.redirect.find('?') != std::string::npos || !settings.redirect.ends_with(kCallback))
    return wrong_use("oidc-redirect must be https://<this server>" + std::string{kCallback} +
                     ", as it is registered at the provider");
  if ((" " + settings.scopes + " ").find(" openid ") == std::string::npos)
    return wrong_use("oidc-scopes must have openid among them");
  if (!settings.create_role.empty() && !may_be_given(settings.create_role))
    return wrong_use("oidc-create-role: " + settings.create_role + std::string{kWhichRoles});
  for (const std::string& one : settings.roles) {
    const std::size_t at = one.rfind('=');
    if (at == std::string::npos || at == 0)
      return wrong_use("oidc-role: '" + one + "' is not written as psychologists=clinician");
    if (!may_be_given(one.substr(at + 1)))
      return wrong_use("oidc-role: " + one.substr(at + 1) + std::string{kWhichRoles});
  }
  if (settings.role_claim.empty() != settings.roles.empty())
    return wrong_use("oidc-role-claim and oidc-role belong together: which claim, and what its texts mean");
  if (settings.role_required && settings.role_claim.empty())
    return wrong_use("oidc-role-required needs oidc-role-claim");
  for (const std::string& domain : settings.domains) {
    if (domain.empty() || domain.find_first_of("@ ") != std::string::npos)
      return wrong_use("oidc-domain: '" + domain + "' is no domain, such as example.org");
  }
  if (const Result<std::string> secret = oidc_secret(settings); !secret)
    return tl::make_unexpected(secret.error());
  if (!settings.ca_file.empty()) {
    if (const auto text = read_whole(settings.ca_file, 4U << 20U); !text)
      return tl::make_unexpected(text.error());
  }
  return {};
}

Result<std::string> oidc_secret(const OidcSettings& settings) {
  if (settings.secret_file.empty()) {
    const char* given = std::getenv("PYROMETER_OIDC_SECRET");
    return given == nullptr ? std::string{} : std::string{given};
  }
  struct stat facts {};
  if (::stat(settings.secret_file.c_str(), &facts) == 0 && (facts.st_mode & 077U) != 0)
    return bad_input(settings.secret_file.string() + " can be read by others; close it: chmod 600 " +
                     settings.secret_file.string());
  Result<std::string> text = read_whole(settings.secret_file, 4096);
  if (!text) return text;
  while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) text->pop_back();
  if (text->empty()) return bad_input(settings.secret_file.string() + " holds no secret");
  return text;
}

}  // namespace pyro::serve
