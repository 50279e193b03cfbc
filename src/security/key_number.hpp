// How what is sealed carries its key's number: 4 bytes, little-endian.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pyro::security {

inline constexpr std::size_t kKeyNumberBytes = 4;

inline void put_key_number(std::uint32_t number, std::uint8_t* out) {
  for (std::size_t i = 0; i < kKeyNumberBytes; ++i) out[i] = static_cast<std::uint8_t>(number >> (8 * i));
}

[[nodiscard]] inline std::uint32_t key_number(const std::uint8_t* in) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < kKeyNumberBytes; ++i) number |= std::uint32_t{in[i]} << (8 * i);
  return number;
}

}  // namespace pyro::security
