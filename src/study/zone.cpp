#include "pyro/study/zone.hpp"

#include <date/tz.h>

#include <charconv>
#include <cmath>
#include <optional>

namespace pyro::study {
namespace {

const date::time_zone* find_zone(const std::string& name) {
  try {
    return date::locate_zone(name);
  } catch (const std::exception&) {
    return nullptr;
  }
}

tl::unexpected<Error> no_zone(const std::string& name) {
  return bad_input("there is no time zone \"" + name +
                   "\" on this system; give an IANA name such as Europe/Berlin or UTC (package tzdata)");
}

struct WrittenTime {
  std::chrono::microseconds since_epoch{0};    // as written, whatever the zone
  std::optional<std::chrono::minutes> offset;  // of what was written from UTC
};

// Takes `count` digits off the front.
bool take(std::string_view& text, std::size_t count, int& out) {
  if (text.size() < count) return false;
  const char* const begin = text.begin();
  const auto [end, error] = std::from_chars(begin, begin + count, out);
  if (error != std::errc{} || end != begin + count || text.front() == '-') return false;
  text.remove_prefix(count);
  return true;
}
bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<WrittenTime> take_time(std::string_view text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (!take(text, 4, year) || !take(text, "-") || !take(text, 2, month) || !take(text, "-") ||
      !take(text, 2, day) || !take(text, "T ") || !take(text, 2, hour) || !take(text, ":") ||
      !take(text, 2, minute))
    return {};
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  double fraction = 0;
  if (take(text, ":")) {
    if (!take(text, 2, second)) return {};
    if (!text.empty() && text.front() == '.') {
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), fraction);
      if (error != std::errc{}) return {};
      text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    }
  }
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return {};
  WrittenTime out;
  out.since_epoch = std::chrono::sys_days{date}.time_since_epoch() + std::chrono::hours{hour} +
                    std::chrono::minutes{minute} + std::chrono::seconds{second} +
                    std::chrono::microseconds{std::llround(fraction * 1e6)};
  if (text.empty()) return out;
  if (take(text, "Zz")) {
    out.offset = std::chrono::minutes{0};
  } else {
    const bool west = text.front() == '-';
    int hours = 0, minutes = 0;
    if (!take(text, "+-") || !take(text, 2, hours)) return {};
    if (!text.empty() && (take(text, ":"), !take(text, 2, minutes))) return {};
    if (hours > 14 || minutes > 59) return {};
    out.offset = (west ? -1 : 1) * (std::chrono::hours{hours} + std::chrono::minutes{minutes});
  }
  return text.empty() ? std::optional{out} : std::nullopt;
}

std::string offset_text(std::chrono::seconds offset) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(offset).count();
  char text[16];
  std::snprintf(text, sizeof text, "%c%02d:%02d", minutes < 0 ? '-' : '+',
                static_cast<int>(std::abs(minutes) / 60), static_cast<int>(std::abs(minutes) % 60));
  return text;
}

}  // namespace

Status check_zone(const std::string& zone) {
  if (find_zone(zone) == nullptr) return no_zone(zone);
  return {};
}

Result<UtcTime> parse_time(std::string_view text, const std::string& zone) {
  const std::optional<WrittenTime> written = take_time(text);
  const std::string shown{text.substr(0, 40)};
  if (!written)
    return bad_input("\"" + shown +
                     "\" is not a time; write 2026-01-31T12:00:00Z, 2026-01-31T13:00+01:00, or "
                     "2026-01-31T13:00 for the local clock");
  if (written->offset) return UtcTime{written->since_epoch - *written->offset};
  const date::time_zone* place = find_zone(zone);
  if (place == nullptr) return no_zone(zone);
  const date::local_time<std::chrono::microseconds> local{written->since_epoch};
  const date::local_info info = place->get_info(local);
  if (info.result == date::local_info::nonexistent)
    return bad_input("in " + zone + " there was no " + shown +
                     ": the clocks were put forward over it; check the time, or write it with its offset (" +
                     shown + offset_text(info.first.offset) + " or " + shown +
                     offset_text(info.second.offset) + ")");
  if (info.result == date::local_info::ambiguous)
    return bad_input("in " + zone + " the clocks showed " + shown + " twice; say which: " + shown +
                     offset_text(info.first.offset) + " or " + shown + offset_text(info.second.offset));
  return UtcTime{written->since_epoch - info.first.offset};
}

std::string local_text(UtcTime time, const std::string& zone) {
  const date::time_zone* place = find_zone(zone);
  const std::chrono::seconds offset =
      place == nullptr ? std::chrono::seconds{0} : place->get_info(time).offset;
  return utc_text(time + offset).substr(0, 19) + offset_text(offset);
}

std::string local_day(UtcTime time, const std::string& zone) {
  return local_text(time, zone).substr(0, 10);
}

}  // namespace pyro::study
