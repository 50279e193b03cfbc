// The site's own keys, made once and kept sealed under the master key, so that a new master key changes none
// of them.
#pragma once

#include <array>
#include <cstdint>

#include "pyro/base/time.hpp"
#include "pyro/security/seal.hpp"
#include "pyro/store/database.hpp"

namespace pyro::archive {

using Secret = std::array<std::uint8_t, 32>;

struct Secrets {
  Secret audit{};  // the audit log's chain
  Secret csrf{};
  Secret seal{};  // what seals secrets of accounts
};
// Error (bad_input): the master key is not the one they were sealed under.
[[nodiscard]] Result<Secrets> secrets_of(store::Database& database, const store::Key& master);
[[nodiscard]] Status reseal(store::Database& database, const store::Key& from, const store::Key& to);

}  // namespace pyro::archive
