#include "pyro/base/time.hpp"

namespace pyro {
namespace {

char* digits(char* out, unsigned value, int count) {
  for (int i = count - 1; i >= 0; --i) {
    out[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  return out + count;
}

}  // namespace

char* utc_text_to(char* out, UtcTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  out = digits(out, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  *out++ = '-';
  out = digits(out, static_cast<unsigned>(date.month()), 2);
  *out++ = '-';
  out = digits(out, static_cast<unsigned>(date.day()), 2);
  *out++ = 'T';
  out = digits(out, static_cast<unsigned>(clock.hours().count()), 2);
  *out++ = ':';
  out = digits(out, static_cast<unsigned>(clock.minutes().count()), 2);
  *out++ = ':';
  out = digits(out, static_cast<unsigned>(clock.seconds().count()), 2);
  *out++ = '.';
  out = digits(out, static_cast<unsigned>(clock.subseconds().count()), 6);
  *out++ = 'Z';
  return out;
}

std::string utc_text(UtcTime time) {
  char text[32];
  return {text, utc_text_to(text, time)};
}

}  // namespace pyro
