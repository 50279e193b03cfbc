// SHA-256 (FIPS 180-4): what files, models and data sets are told by.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "pyro/base/result.hpp"

namespace pyro {

// 64 lower-case hex digits.
[[nodiscard]] std::string sha256_hex(std::span<const std::uint8_t> bytes);
[[nodiscard]] std::string sha256_hex(std::string_view bytes);
// Of a file of any length, in little memory. Error (failed): it cannot be read.
[[nodiscard]] Result<std::string> sha256_of_file(const std::filesystem::path& file);

}  // namespace pyro
