// Times as survey tools write them, made UTC.
#pragma once

#include <string>
#include <string_view>

#include "pyro/base/result.hpp"
#include "pyro/base/time.hpp"

namespace pyro::surveys {

// Status: whether `zone` is "UTC" or a name of the IANA data base ("Europe/Berlin"). Error: wrong_use.
[[nodiscard]] Status check_zone(const std::string& zone);

// "2026-01-31 12:04", with T or blank, seconds and their parts or none, and an offset ("Z", "+01:00",
// "+0100") or none. Without an offset the time is that of the clocks in `zone`. Errors (bad_input): another
// form; neither offset nor zone; an hour that daylight saving time skipped, or one that it gave twice.
[[nodiscard]] Result<UtcTime> utc_of(std::string_view text, const std::string& zone);

}  // namespace pyro::surveys
