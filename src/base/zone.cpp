#include "pyro/base/zone.hpp"

#include <date/tz.h>

#include <array>
#include <cstdio>

namespace pyro {
namespace {

// As somebody would write it: without the parts that are 0.
std::string wall_text(WallTime wall) {
  std::string text = utc_text(UtcTime{wall.time_since_epoch()});
  text.pop_back();
  for (const std::string_view zero : {".000000", ":00"}) {
    if (!text.ends_with(zero)) break;
    text.resize(text.size() - zero.size());
  }
  return text;
}

std::string offset_text(std::chrono::seconds offset) {
  const auto minutes = std::chrono::abs(std::chrono::duration_cast<std::chrono::minutes>(offset)).count();
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%c%02d:%02d", offset.count() < 0 ? '-' : '+',
                static_cast<int>(minutes / 60), static_cast<int>(minutes % 60));
  return text.data();
}

}  // namespace

Result<Zone> Zone::find(std::string_view name) {
  try {
    return Zone(date::locate_zone(std::string(name)));
  } catch (const std::exception& error) {
    return wrong_use("there is no time zone \"" + std::string(name.substr(0, 40)) +
                         "\" here; give an IANA name such as Europe/Oslo, or UTC (the system's package "
                         "tzdata has them)",
                     error.what());
  }
}

std::string Zone::name() const {
  return zone_ == nullptr ? "UTC" : zone_->name();
}

std::chrono::seconds Zone::offset_at(UtcTime time) const {
  return zone_ == nullptr ? std::chrono::seconds{0} : zone_->get_info(time).offset;
}

Day Zone::day_of(UtcTime time) const {
  return Day{std::chrono::floor<std::chrono::days>(time.time_since_epoch() + offset_at(time))};
}

std::string Zone::text_of(UtcTime time) const {
  const std::chrono::seconds offset = offset_at(time);
  return utc_text(time + offset).substr(0, 19) + offset_text(offset);
}

Result<UtcTime> Zone::utc_of(const WrittenTime& written) const {
  const std::chrono::microseconds wall = written.wall.time_since_epoch();
  if (written.offset) return UtcTime{wall - *written.offset};
  if (zone_ == nullptr) return UtcTime{wall};
  const date::local_info info = zone_->get_info(date::local_time<std::chrono::microseconds>{wall});
  if (info.result == date::local_info::unique) return UtcTime{wall - info.first.offset};
  const std::string text = wall_text(written.wall);
  const std::string both =
      text + offset_text(info.first.offset) + " or " + text + offset_text(info.second.offset);
  return bad_input(info.result == date::local_info::nonexistent
                       ? text + " never was in " + name() +
                             ": the clocks were put forward over it; correct it, or write " + both
                       : text + " was twice in " + name() +
                             ": the clocks were put back over it; say which, " + both);
}

Result<UtcTime> utc_of(std::string_view text, const std::optional<Zone>& zone) {
  const std::string quoted = "\"" + std::string(text.substr(0, 40)) + "\"";
  const std::optional<WrittenTime> written = read_time(text);
  if (!written || written->day_alone)
    return bad_input(quoted + " is no time; write 2026-01-31T13:00+01:00, 2026-01-31T12:00Z" +
                     (zone ? ", or 2026-01-31T13:00 for the clocks of " + zone->name() : ""));
  if (!written->offset && !zone)
    return bad_input(quoted + " has no offset to UTC; write it with one, such as +01:00, or Z for UTC");
  return zone.value_or(Zone{}).utc_of(*written);
}

}  // namespace pyro
