// Times as people write them, to UTC and back. Everything that is stored is UTC; a day is the day of the
// clock on the wall where the session took place, by the IANA time zone database of the system.
#pragma once

#include <string>
#include <string_view>

#include "pyro/base/result.hpp"
#include "pyro/base/time.hpp"

namespace pyro::study {

// bad_input: there is no zone of that name.
[[nodiscard]] Status check_zone(const std::string& zone);

// ISO 8601 with Z or an offset ("2026-01-31T12:00Z", "2026-01-31 12:00:00.5+01:00"), or without either: the
// clock on the wall in `zone`. Errors (bad_input): no such form or date; an hour that this zone's clocks
// skipped, or went through twice, with the two ways to write it.
[[nodiscard]] Result<UtcTime> parse_time(std::string_view text, const std::string& zone);

// "2026-01-31T13:00:00+01:00" and "2026-01-31" on that zone's clock; the zone must have passed check_zone.
[[nodiscard]] std::string local_text(UtcTime time, const std::string& zone);
[[nodiscard]] std::string local_day(UtcTime time, const std::string& zone);

}  // namespace pyro::study
