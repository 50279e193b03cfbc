// The site's provider of sign-in, asked as OpenID Connect says: where it is (Discovery 1.0), where to send a
// browser, what a code stands for. Thread-safe; calls wait for the network.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "pyro/base/time.hpp"
#include "pyro/security/id_token.hpp"
#include "pyro/security/sign_in_request.hpp"
#include "pyro/serve/oidc_settings.hpp"
#include "pyro/serve/problem.hpp"

namespace pyro::serve::oidc {

class Provider {
 public:
  // Nothing is asked yet: the server starts without its provider as well. `secret`: of the client; empty: a
  // public one.
  Provider(OidcSettings settings, std::string secret);

  [[nodiscard]] const OidcSettings& settings() const { return settings_; }
  // Where a browser is sent. 502: the provider does not answer, or not as it should.
  [[nodiscard]] Granted<std::string> address_for(const security::SignInRequest& request, UtcTime now);
  // What a code stands for. 401: the code or the ID token is refused; 502 as above.
  [[nodiscard]] Granted<security::IdClaims> redeem(const std::string& code,
                                                   const security::SignInRequest& request, UtcTime now);
  // Whether this is the first answer to a request: each is answered once.
  [[nodiscard]] bool first_answer(const security::SignInRequest& request, UtcTime now);

 private:
  struct Facts {
    std::string authorization, token, keys_at;
    bool secret_in_form = false;  // the provider does not take HTTP Basic
    UtcTime read{};
  };
  Granted<Facts> facts(UtcTime now);
  Granted<std::string> key_set(const Facts& facts, bool anew, UtcTime now);
  Granted<std::string> id_token(const Facts& facts, const std::string& code, const std::string& verifier);
  Granted<Json> document_at(const std::string& url);

  OidcSettings settings_;
  std::string secret_;
  std::mutex mutex_;  // of what follows; never held while the network is waited for
  std::optional<Facts> facts_;
  std::string keys_;
  UtcTime keys_read_{};
  std::map<std::string, UtcTime> answered_;  // by state, until it is no longer in time
  std::atomic<int> talking_{0};
};

}  // namespace pyro::serve::oidc
