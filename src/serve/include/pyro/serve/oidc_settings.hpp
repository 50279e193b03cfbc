// Sign-in by the site's own provider (OpenID Connect, authorization code with PKCE).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "pyro/base/result.hpp"

namespace pyro::serve {

struct OidcSettings {
  std::string issuer;     // as the provider writes it; empty: passwords only
  std::string client_id;  // of this server there
  std::filesystem::path
      secret_file;       // of the client's secret; else PYROMETER_OIDC_SECRET; neither: a public client
  std::string redirect;  // https://<this server>/api/v1/oidc/callback, exactly as it is registered there
  std::string scopes = "openid email profile";
  std::string label = "Single sign-on";  // what the button says
  std::filesystem::path ca_file;         // who signed the provider's certificate; empty: the system's list
  std::vector<std::string> domains;      // of verified e-mail addresses that may sign in; empty: any, or none
  bool link_email =
      false;  // at the first sign-in an account whose name is the verified e-mail address is linked
  std::string create_role;  // of accounts that are made at the first sign-in; empty: none is
  std::string role_claim;   // of the ID token, "groups" or "realm_access.roles"; empty: roles are this site's
  std::vector<std::string> roles;  // "psychologists=clinician": what a text of that claim means, the first
                                   // that fits counts
  bool role_required = false;      // whose claim holds none of them is not let in
};

// The role that these texts of the claim mean; empty: none of them means any.
[[nodiscard]] std::string role_meant(const OidcSettings& settings, const std::vector<std::string>& claimed);
// The first thing that is wrong with them, naming the setting.
[[nodiscard]] Status check_oidc(const OidcSettings& settings);
// https, or http to this machine alone; without a fragment, blanks and credentials.
[[nodiscard]] bool may_be_asked(const std::string& url);
// Error (bad_input): the file cannot be read, is empty, or is open to others.
[[nodiscard]] Result<std::string> oidc_secret(const OidcSettings& settings);

}  // namespace pyro::serve
