// Sets of people that figures were given of are kept as hashes that nobody without the site's key can make,
// so that they survive nobody's erasure by name.
#pragma once

#include <string>

#include "pyro/archive/secrets.hpp"

namespace pyro::serve {

class GroupHashes {
 public:
  explicit GroupHashes(const archive::Secrets& secrets);
  [[nodiscard]] std::string of(const std::string& person) const;

 private:
  std::string secret_;
};

}  // namespace pyro::serve
