// One request to the provider of sign-in: no redirect is followed, nothing is read beyond a limit of bytes
// and of time, and the certificate is always checked.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pyro/base/result.hpp"

namespace pyro::serve::oidc {

struct FetchRequest {
  std::string url;                                                       // may_be_asked() holds
  std::optional<std::vector<std::pair<std::string, std::string>>> form;  // sent by POST; nullopt: GET
  std::string user, password;  // HTTP Basic, where user is not empty
  std::filesystem::path ca_file;
  std::size_t most_bytes = 256U << 10U;
  std::chrono::milliseconds most_time{5000};
};
struct Fetched {
  long status = 0;
  std::string body;
};
// Errors (failed): no answer in time, certificate, too long. Their context has the cause, for the log.
[[nodiscard]] Result<Fetched> fetch(const FetchRequest& request);

}  // namespace pyro::serve::oidc
