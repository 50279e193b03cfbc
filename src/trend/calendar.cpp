#include "pyro/trend/calendar.hpp"

#include <date/tz.h>

#include <cstdio>
#include <optional>

namespace pyro::trend {
namespace {

const date::time_zone& library_zone(const void* zone) {
  return *static_cast<const date::time_zone*>(zone);
}

// Reads digits one after the other; remembers whether all was as it should be.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}
  int number(std::size_t digits) {
    int value = 0;
    if (rest_.size() < digits) return fail();
    for (const char digit : rest_.substr(0, digits)) {
      if (digit < '0' || digit > '9') return fail();
      value = 10 * value + (digit - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }
  bool take(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void need(char wanted) {
    if (!take(wanted)) fail();
  }
  // Of a second, as microseconds; further digits are read and dropped.
  int fraction() {
    int value = 0, scale = 100000;
    bool any = false;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
      value += scale * (rest_.front() - '0');
      scale /= 10;
      any = true;
      rest_.remove_prefix(1);
    }
    return any ? value : fail();
  }
  int fail() {
    good_ = false;
    return 0;
  }
  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

// Minutes east of Greenwich; nothing: the text ends without saying.
std::optional<std::chrono::minutes> read_offset(Reader& text) {
  if (text.done()) return std::nullopt;
  if (text.take('Z') || text.take('z')) return std::chrono::minutes{0};
  const bool west = text.take('-');
  if (!west) text.need('+');
  const int hours = text.number(2);
  text.take(':');
  const int minutes = text.done() ? 0 : text.number(2);
  if (hours > 14 || minutes > 59) text.fail();
  return std::chrono::minutes{(west ? -1 : 1) * (60 * hours + minutes)};
}

}  // namespace

Result<Zone> Zone::find(std::string_view name) {
  try {
    return Zone(date::locate_zone(std::string(name)));
  } catch (const std::exception& error) {
    return wrong_use(
        "there is no time zone '" + std::string(name) +
            "' here; give an IANA name such as Europe/Oslo (the system's package tzdata has them)",
        error.what());
  }
}

Day Zone::day_of(UtcTime time) const {
  const date::sys_time<std::chrono::microseconds> instant{time.time_since_epoch()};
  const auto local = library_zone(zone_).to_local(instant);
  return Day{std::chrono::floor<std::chrono::days>(local.time_since_epoch())};
}

UtcTime Zone::instant(WallTime wall) const {
  const date::local_time<std::chrono::microseconds> local{wall.time_since_epoch()};
  return UtcTime{library_zone(zone_).to_sys(local, date::choose::earliest).time_since_epoch()};
}

std::string Zone::name() const {
  return library_zone(zone_).name();
}

Result<Moment> parse_moment(std::string_view text, const Zone& zone) {
  const auto wrong = [text] {
    return bad_input("'" + std::string(text.substr(0, 40)) +
                     "' is no time such as 2026-03-29T08:31:40Z, and no day such as 2026-03-29");
  };
  Reader in(text);
  const int year = in.number(4);
  in.need('-');
  const int month = in.number(2);
  in.need('-');
  const int day = in.number(2);
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!in.good() || !date.ok() || year < 1900 || year > 2200) return wrong();
  const Day midnight{date};
  if (in.done()) return Moment{zone.instant(midnight + std::chrono::hours{12}), midnight};
  if (!in.take('T') && !in.take('t')) in.need(' ');
  const int hour = in.number(2);
  in.need(':');
  const int minute = in.number(2);
  int second = 0, fraction = 0;
  if (in.take(':')) {
    second = in.number(2);
    if (in.take('.')) fraction = in.fraction();
  }
  const std::optional<std::chrono::minutes> offset = read_offset(in);
  if (!in.good() || !in.done() || hour > 23 || minute > 59 || second > 60) return wrong();
  const WallTime wall = midnight + std::chrono::hours{hour} + std::chrono::minutes{minute} +
                        std::chrono::seconds{second} + std::chrono::microseconds{fraction};
  const UtcTime time = offset ? UtcTime{wall.time_since_epoch() - *offset} : zone.instant(wall);
  return Moment{time, zone.day_of(time)};
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

std::string day_text(Day day) {
  const std::chrono::year_month_day date{day};
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

}  // namespace pyro::trend
