#include "pyro/surveys/local_time.hpp"

#include <date/tz.h>

#include <array>
#include <optional>

namespace pyro::surveys {
namespace {

// Takes digits and marks from the front of a text; once something does not fit, `good` stays false.
class Reader {
 public:
  explicit Reader(std::string_view text) : left_(text) {}

  int digits(std::size_t count) {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (left_.empty() || left_.front() < '0' || left_.front() > '9') good = false;
      if (!good) return 0;
      value = 10 * value + (left_.front() - '0');
      left_.remove_prefix(1);
    }
    return value;
  }
  bool take(char mark) {
    if (left_.empty() || left_.front() != mark) return false;
    left_.remove_prefix(1);
    return true;
  }
  void need(char mark) { good = take(mark) && good; }
  [[nodiscard]] bool at_digit() const {
    return !left_.empty() && left_.front() >= '0' && left_.front() <= '9';
  }
  [[nodiscard]] bool at_end() const { return left_.empty(); }

  bool good = true;

 private:
  std::string_view left_;
};

using Micros = std::chrono::microseconds;
using Local = date::local_time<Micros>;

struct Written {
  Local time;
  std::optional<std::chrono::minutes> offset;
};

std::optional<Written> read_time(std::string_view text) {
  using namespace std::chrono;
  Reader reader(text);
  const int year = reader.digits(4);
  reader.need('-');
  const int month = reader.digits(2);
  reader.need('-');
  const int day = reader.digits(2);
  if (!reader.take('T')) reader.need(' ');
  const int hour = reader.digits(2);
  reader.need(':');
  const int minute = reader.digits(2);
  const int second = reader.take(':') ? reader.digits(2) : 0;
  int micros = 0;
  if (reader.take('.')) {
    int unit = 100'000;
    reader.good = reader.at_digit() && reader.good;
    for (; reader.good && reader.at_digit(); unit /= 10) micros += unit * reader.digits(1);
  }
  Written written;
  static_cast<void>(reader.take(' '));
  const bool east = reader.take('+');
  if (east || reader.take('-')) {
    const int hours = reader.digits(2);
    static_cast<void>(reader.take(':'));
    const int minutes = reader.digits(2);
    if (hours > 14 || minutes > 59) return std::nullopt;
    written.offset = (east ? 1 : -1) * std::chrono::minutes{60 * hours + minutes};
  } else if (reader.take('Z')) {
    written.offset = std::chrono::minutes{0};
  }
  const date::year_month_day date{date::year{year}, date::month(static_cast<unsigned>(month)),
                                  date::day(static_cast<unsigned>(day))};
  if (!reader.good || !reader.at_end() || !date.ok() || hour > 23 || minute > 59 || second > 59)
    return std::nullopt;
  written.time = date::local_days{date} + hours{hour} + minutes{minute} + seconds{second} + Micros{micros};
  return written;
}

const date::time_zone* find_zone(const std::string& zone) {
  try {
    return date::locate_zone(zone);
  } catch (const std::exception&) {
    return nullptr;
  }
}

std::string offset_text(std::chrono::seconds offset) {
  const auto minutes = std::abs(offset.count()) / 60;
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "%c%02ld:%02ld", offset.count() < 0 ? '-' : '+',
                static_cast<long>(minutes / 60), static_cast<long>(minutes % 60));
  return text.data();
}

}  // namespace

Status check_zone(const std::string& zone) {
  if (find_zone(zone) != nullptr) return {};
  return wrong_use("there is no time zone \"" + zone +
                   "\"; name one of the IANA data base (Europe/Berlin), or UTC");
}

Result<UtcTime> utc_of(std::string_view text, const std::string& zone) {
  const std::string quoted = "\"" + std::string(text.substr(0, 40)) + "\"";
  const std::optional<Written> written = read_time(text);
  if (!written)
    return bad_input(quoted +
                     " is no time; write 2026-01-31 12:04, with seconds and offset (+01:00) or without");
  if (written->offset) return UtcTime{written->time.time_since_epoch() - *written->offset};
  if (zone.empty())
    return bad_input(quoted + " has no offset to UTC; say by --timezone whose clocks it was read from");
  const date::time_zone* place = find_zone(zone);
  if (place == nullptr) return tl::make_unexpected(check_zone(zone).error());
  const date::local_info info = place->get_info(written->time);
  if (info.result == date::local_info::nonexistent)
    return bad_input(quoted + " never was in " + zone +
                     ": the clocks were put forward over it; correct it, or write its offset");
  if (info.result == date::local_info::ambiguous)
    return bad_input(quoted + " was twice in " + zone +
                     ": the clocks were put back over it; write its offset (" +
                     offset_text(info.first.offset) + " the first time, " + offset_text(info.second.offset) +
                     " the second)");
  return UtcTime{written->time.time_since_epoch() - info.first.offset};
}

}  // namespace pyro::surveys
