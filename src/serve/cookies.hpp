// The two cookies of a browser: who is signed in, and, while somebody is at the provider of sign-in, which
// answer belongs to it.
#pragma once

#include <string>
#include <string_view>

#include "pyro/serve/transport.hpp"

namespace pyro::serve {

inline constexpr std::string_view kLoginCookie = "__Host-pyrometer";
inline constexpr std::string_view kSignInCookie = "__Host-pyrometer-sign-in";

// Empty: there is none.
[[nodiscard]] inline std::string_view cookie_of(const Request& request, std::string_view name) {
  std::string_view all = request.header("cookie");
  while (!all.empty()) {
    const std::size_t end = std::min(all.find(';'), all.size());
    std::string_view one = all.substr(0, end);
    while (one.starts_with(' ')) one.remove_prefix(1);
    if (one.starts_with(name) && one.substr(name.size()).starts_with('=')) return one.substr(name.size() + 1);
    all.remove_prefix(std::min(all.size(), end + 1));
  }
  return {};
}

// `site`: "Strict", or "Lax" for a cookie that must come along when another site sends the browser here.
inline void set_cookie(Response& response, std::string_view name, std::string_view value,
                       std::string_view site, std::string_view more = "") {
  std::string line{name};
  line.append("=").append(value).append("; Path=/; Secure; HttpOnly; SameSite=").append(site).append(more);
  response.headers.emplace_back("set-cookie", std::move(line));
}
inline void clear_cookie(Response& response, std::string_view name, std::string_view site) {
  set_cookie(response, name, "", site, "; Max-Age=0");
}

}  // namespace pyro::serve
