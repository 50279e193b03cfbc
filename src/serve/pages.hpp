// The web app, as the build packed it (web/scripts/pack.mjs): files to be answered to a browser.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>

#include "pyro/base/result.hpp"
#include "pyro/serve/transport.hpp"

namespace pyro::serve {

class Pages {
 public:
  // `pack` must outlive this; empty: there are no pages. Error (failed): it is not what the build makes.
  [[nodiscard]] static Result<Pages> of(std::span<const char> pack);

  // A file, or the start page for every address within the app (its own router knows what that shows).
  // Nothing: not asked for by GET, an address of the API, a file that is not there, or there are no pages.
  [[nodiscard]] std::optional<Response> get(const Request& request) const;

 private:
  struct File {
    std::string type, etag;
    std::span<const char> packed;  // by gzip
    bool lasting = false;          // never changes under this name
  };
  [[nodiscard]] Response start_page() const;

  std::map<std::string, File, std::less<>> files_;
  std::string start_page_;
};

}  // namespace pyro::serve
