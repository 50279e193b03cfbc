#include "pyro/archive/ids.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <mutex>

#include "pyro/base/hex.hpp"

namespace pyro::archive {
namespace {

constexpr std::string_view kShape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
constexpr std::uint64_t kLowBits = 62, kHighBits = 12;

// The time and, as one number, the bits behind it: `high` stands before the variant's two bits, `low` after.
struct Parts {
  std::uint64_t ms = 0, high = 0, low = 0;
};

std::uint64_t random_bits(std::uint64_t count) {
  std::uint64_t bits = 0;
  randombytes_buf(&bits, sizeof bits);
  return bits >> (64 - count);
}

// RFC 9562, 6.2, method 2: a new millisecond is given new random bits, the same one what it had and a random
// step more, which is at least 1 and on average 2^31, so that the next cannot be guessed from this one.
Parts next_parts(std::uint64_t ms) {
  // The order is that of the process: two who counted for themselves would have none.
  static std::mutex mutex;
  static Parts last;
  const std::lock_guard lock{mutex};
  if (ms > last.ms) {
    last = {ms, random_bits(kHighBits), random_bits(kLowBits)};
    return last;
  }
  last.low += 1 + random_bits(32);
  last.high += last.low >> kLowBits;
  last.low &= (std::uint64_t{1} << kLowBits) - 1;
  last.ms += last.high >> kHighBits;
  last.high &= (std::uint64_t{1} << kHighBits) - 1;
  return last;
}

}  // namespace

std::string new_id(UtcTime now) {
  const Parts parts = next_parts(static_cast<std::uint64_t>(
      std::chrono::floor<std::chrono::milliseconds>(now).time_since_epoch().count()));
  const std::uint64_t first = parts.ms << 16U | 0x7000U | parts.high;
  const std::uint64_t second = std::uint64_t{2} << kLowBits | parts.low;
  std::string out;
  for (unsigned i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    append_hex(out, static_cast<std::uint8_t>((i < 8 ? first : second) >> (56 - 8 * (i % 8))));
  }
  return out;
}

bool is_id(std::string_view text) {
  return text.size() == kShape.size() && std::ranges::equal(text, kShape, [](char c, char shape) {
           return shape == '-' ? c == '-' : hex_value(c) >= 0;
         });
}

}  // namespace pyro::archive
