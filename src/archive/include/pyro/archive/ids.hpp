// Keys of rows: UUIDs of version 7 (RFC 9562), so that rows made one after the other lie beside each other in
// an index.
#pragma once

#include <string>
#include <string_view>

#include "pyro/base/time.hpp"

namespace pyro::archive {

// 36 characters, lower case: the time, and 74 random bits. Greater than every one that this process made
// before, by whichever thread: what is listed by id is listed as it was made, also within a millisecond and
// after the clock was put back (then with the later time). A name, not a secret.
[[nodiscard]] std::string new_id(UtcTime now);
[[nodiscard]] bool is_id(std::string_view text);

}  // namespace pyro::archive
