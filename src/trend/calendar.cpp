#include "pyro/trend/calendar.hpp"

#include <cstdio>

namespace pyro::trend {

Result<Moment> parse_moment(std::string_view text, const Zone& zone) {
  constexpr Day kFirst{std::chrono::year{1900} / 1 / 1}, kLast{std::chrono::year{2200} / 12 / 31};
  std::optional<WrittenTime> written = read_time(text);
  if (!written || written->day() < kFirst || written->day() > kLast)
    return bad_input("'" + std::string(text.substr(0, 40)) +
                     "' is no time such as 2026-03-29T08:31:40Z, and no day such as 2026-03-29");
  if (written->day_alone) written->wall += std::chrono::hours{12};
  const Result<UtcTime> time = zone.utc_of(*written);
  if (!time) return tl::make_unexpected(time.error());
  return Moment{*time, zone.day_of(*time)};
}

IsoWeek iso_week(Day day) {
  const std::chrono::days from_monday = std::chrono::weekday{day} - std::chrono::Monday;
  const Day monday = day - from_monday;
  const std::chrono::year year = std::chrono::year_month_day{monday + std::chrono::days{3}}.year();
  const Day new_year{year / std::chrono::January / 1};
  const auto thursday = (monday + std::chrono::days{3} - new_year).count();
  return {static_cast<int>(year), static_cast<int>(thursday / 7) + 1, monday};
}

std::string week_text(const IsoWeek& week) {
  char text[32];
  std::snprintf(text, sizeof text, "%04d-W%02d", week.year, week.week);
  return text;
}

}  // namespace pyro::trend
