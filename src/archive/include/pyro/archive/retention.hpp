// How long things are kept, and the sweep that erases what is older. What no rule names is kept until
// somebody erases it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pyro/base/time.hpp"
#include "pyro/store/database.hpp"

namespace pyro::archive {

// observations: frame by frame; a session's own figures stay. images: captures with their place in data sets,
// and videos. notes: keywords too. Ages count from when something was kept here, and a session's from its
// end, by this server's clock: a device's own says nothing. The audit log has no rule: it is append-only.
inline constexpr std::array<std::string_view, 4> kRetentionKinds{"observations", "images", "notes",
                                                                 "responses"};

struct RetentionRule {
  std::string kind;
  std::int64_t days = 0;
};
[[nodiscard]] Result<std::vector<RetentionRule>> retention_of(store::Connection& in);
// These and no others from now on. Errors (bad_input): a kind that there is not or that comes twice, days
// below 1.
[[nodiscard]] Status keep_retention(store::Connection& in, const std::vector<RetentionRule>& rules,
                                    UtcTime now);

struct Swept {
  std::string kind, person;
  std::int64_t rows = 0;
};
// Erases what is older than its rule says; what went, by kind and person.
[[nodiscard]] Result<std::vector<Swept>> sweep(store::Connection& in, UtcTime now);

}  // namespace pyro::archive
