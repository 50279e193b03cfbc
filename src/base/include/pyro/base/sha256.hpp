// SHA-256 (FIPS 180-4): what files, models and data sets are told by.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace pyro {

// 64 lower-case hex digits.
[[nodiscard]] std::string sha256_hex(std::span<const std::uint8_t> bytes);
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

}  // namespace pyro
