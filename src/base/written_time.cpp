#include "pyro/base/written_time.hpp"

#include "pyro/base/time.hpp"

namespace pyro {
namespace {

// Takes digits and marks off the front; once something does not fit, `good` stays false.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  int digits(std::size_t count) {
    int value = 0;
    for (; count > 0; --count) {
      if (!at_digit()) good = false;
      if (!good) return 0;
      value = 10 * value + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    return value;
  }
  bool take(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void need(std::string_view any_of) { good = take(any_of) && good; }
  [[nodiscard]] bool at(char mark) const { return rest_.starts_with(mark); }
  [[nodiscard]] bool at_digit() const {
    return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
  }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  bool good = true;

 private:
  std::string_view rest_;
};

Day take_day(Reader& text) {
  const int year = text.digits(4);
  text.need("-");
  const int month = text.digits(2);
  text.need("-");
  const int day = text.digits(2);
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  text.good = text.good && date.ok();
  return text.good ? Day{date} : Day{};
}

std::chrono::microseconds take_clock(Reader& text) {
  const int hour = text.digits(2);
  text.need(":");
  const int minute = text.digits(2);
  int second = 0, micros = 0;
  if (text.take(":")) {
    second = text.digits(2);
    if (text.take(".")) {
      text.good = text.good && text.at_digit();
      for (int unit = 100'000; text.good && text.at_digit(); unit /= 10) micros += unit * text.digits(1);
    }
  }
  text.good = text.good && hour < 24 && minute < 60 && second < 60;
  return std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second} +
         std::chrono::microseconds{micros};
}

std::optional<std::chrono::minutes> take_offset(Reader& text) {
  if (text.at_end()) return std::nullopt;
  text.take(" ");
  if (text.take("Zz")) return std::chrono::minutes{0};
  const bool west = text.at('-');
  text.need("+-");
  const int hours = text.digits(2);
  const int minutes = text.take(":") || !text.at_end() ? text.digits(2) : 0;
  text.good = text.good && hours <= 14 && minutes < 60;  // the widest that there is: Kiribati's +14:00
  return (west ? -1 : 1) * std::chrono::minutes{60 * hours + minutes};
}

}  // namespace

std::optional<WrittenTime> read_time(std::string_view text) {
  Reader reader(text);
  WrittenTime written{take_day(reader), std::nullopt, reader.at_end()};
  if (!written.day_alone) {
    reader.need("Tt ");
    written.wall += take_clock(reader);
    written.offset = take_offset(reader);
  }
  return reader.good && reader.at_end() ? std::optional(written) : std::nullopt;
}

std::string day_text(Day day) {
  return utc_text(UtcTime{day.time_since_epoch()}).substr(0, 10);
}

}  // namespace pyro
