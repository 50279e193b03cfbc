#include "group_hashes.hpp"

#include "pyro/base/sha256.hpp"
#include "pyro/security/seal.hpp"

namespace pyro::serve {

GroupHashes::GroupHashes(const archive::Secrets& secrets) {
  const auto key = security::derived_key(std::span<const std::uint8_t, 32>{secrets.seal}, "aggregates");
  secret_.assign(key.begin(), key.end());
}

std::string GroupHashes::of(const std::string& person) const {
  return sha256_hex(secret_ + sha256_hex(secret_ + person)).substr(0, 32);
}

}  // namespace pyro::serve
