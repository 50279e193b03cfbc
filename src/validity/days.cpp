#include <charconv>
#include <chrono>

#include "pyro/validity/pairs.hpp"

namespace pyro::validity {
namespace {

// Takes exactly `digits` of them off the front.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  const char* const begin = text.begin();
  const auto [end, error] = std::from_chars(begin, begin + digits, value);
  if (error != std::errc{} || end != begin + digits || text.front() == '-') return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

// "12:00", as minutes.
std::optional<int> take_clock(std::string_view& text, int most_hours) {
  const std::optional<int> hours = take_digits(text, 2);
  if (!hours || *hours > most_hours || !take(text, ':')) return std::nullopt;
  const std::optional<int> minutes = take_digits(text, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  return *hours * 60 + *minutes;
}

}  // namespace

std::optional<double> days_of(std::string_view iso) {
  const std::optional<int> year = take_digits(iso, 4);
  if (!year || !take(iso, '-')) return std::nullopt;
  const std::optional<int> month = take_digits(iso, 2);
  if (!month || !take(iso, '-')) return std::nullopt;
  const std::optional<int> day = take_digits(iso, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  double minutes = 0;
  if (take(iso, 'T') || take(iso, ' ')) {
    const std::optional<int> clock = take_clock(iso, 23);
    if (!clock) return std::nullopt;
    minutes = *clock;
    if (take(iso, ':')) {
      double seconds = 0;
      const auto [end, error] = std::from_chars(iso.data(), iso.data() + iso.size(), seconds);
      if (error != std::errc{} || !(seconds >= 0 && seconds < 61)) return std::nullopt;
      minutes += seconds / 60;
      iso.remove_prefix(static_cast<std::size_t>(end - iso.data()));
    }
    if (!iso.empty() && !take(iso, 'Z')) {
      const bool east = iso.front() == '+';
      if (!east && iso.front() != '-') return std::nullopt;
      iso.remove_prefix(1);
      const std::optional<int> offset = take_clock(iso, 15);
      if (!offset) return std::nullopt;
      minutes += east ? -*offset : *offset;
    }
  }
  if (!iso.empty()) return std::nullopt;
  return static_cast<double>(std::chrono::sys_days{date}.time_since_epoch().count()) + minutes / 1440;
}

}  // namespace pyro::validity
