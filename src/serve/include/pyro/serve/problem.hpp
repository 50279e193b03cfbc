// What a request is answered when it is not granted: a problem document (RFC 9457).
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "pyro/base/result.hpp"
#include "pyro/serve/transport.hpp"

namespace pyro::serve {

using Json = nlohmann::json;

struct Problem {
  int status = 500;
  std::string slug;  // "consent-missing": stable, for programs; type is urn:pyrometer:problem:<slug>
  std::string
      detail;  // one plain sentence with the way out; never says whether a record exists that may not be seen
  Json more = Json::object();  // further members
};

[[nodiscard]] Response response_of(const Problem& problem, const std::string& request_id);
// A database that is away is 503, a key that exists 409, bad input 422, anything else 500 without its inner
// text, which is logged.
[[nodiscard]] Problem problem_of(const Error& error);

template <typename T>
using Granted = tl::expected<T, Problem>;

[[nodiscard]] inline tl::unexpected<Problem> problem(int status, std::string slug, std::string detail) {
  return tl::make_unexpected(Problem{status, std::move(slug), std::move(detail)});
}

}  // namespace pyro::serve
