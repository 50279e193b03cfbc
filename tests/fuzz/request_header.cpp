// The transport's own lies beside Boost.Beast.
#include "pyro/serve/transport.hpp"

namespace pyro::serve {

std::string_view Request::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace pyro::serve
