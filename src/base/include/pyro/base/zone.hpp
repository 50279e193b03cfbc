// Times between UTC and the clocks on walls, by the system's IANA data base (package tzdata; its files know
// switches up to 2037). Everything that is stored is UTC; a day is one of the wall where it was lived.
//
// One rule wherever a time without an offset is read: an hour that daylight saving time skipped, or gave
// twice, is not guessed. The error writes it out both ways, for whoever knows which was meant to choose.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pyro/base/result.hpp"
#include "pyro/base/time.hpp"
#include "pyro/base/written_time.hpp"

namespace date {
class time_zone;  // Howard Hinnant's library, which no other room includes
}

namespace pyro {

class Zone {
 public:
  Zone() = default;  // UTC
  // "Europe/Oslo", "UTC". Error (wrong_use): the system has none of that name.
  [[nodiscard]] static Result<Zone> find(std::string_view name);

  [[nodiscard]] std::string name() const;
  [[nodiscard]] Day day_of(UtcTime time) const;
  [[nodiscard]] std::string text_of(UtcTime time) const;  // "2026-01-31T13:00:00+01:00"
  // By its own offset, or else by this zone's clocks; a day alone is its beginning. Error (bad_input): those
  // clocks skipped it or showed it twice.
  [[nodiscard]] Result<UtcTime> utc_of(const WrittenTime& written) const;

 private:
  explicit Zone(const date::time_zone* zone) : zone_(zone) {}
  [[nodiscard]] std::chrono::seconds offset_at(UtcTime time) const;

  const date::time_zone* zone_ = nullptr;  // the library keeps it for the life of the process; none: UTC
};

// Of a text that read_time takes, other than a day alone. Errors (bad_input): it is none; neither an offset
// nor `zone` says whose clock was read; Zone::utc_of's.
[[nodiscard]] Result<UtcTime> utc_of(std::string_view text, const std::optional<Zone>& zone);

}  // namespace pyro
