// Hashes as the database holds them.
#pragma once

#include <algorithm>

#include "pyro/security/tokens.hpp"
#include "pyro/store/database.hpp"

namespace pyro::archive {

[[nodiscard]] inline store::Blob blob_of(const security::Digest& digest) {
  return {std::string(digest.begin(), digest.end())};
}
[[nodiscard]] inline security::Digest digest_of(const store::Value& value) {
  security::Digest out{};
  const std::string& bytes = std::get<store::Blob>(value).bytes;
  std::copy_n(bytes.begin(), std::min(bytes.size(), out.size()), out.begin());
  return out;
}

}  // namespace pyro::archive
