// Reader for IDX files (the format of MNIST), gzip-compressed or plain.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "pyro/base/result.hpp"

namespace pyro::datasets {

// Unsigned bytes with their dimensions, outermost first.
struct IdxArray {
  std::vector<std::uint32_t> dims;
  std::vector<std::uint8_t> bytes;
};

// Errors (bad_input): missing or unreadable file, broken gzip, wrong magic, another element type than
// unsigned byte, dimensions that do not match the number of bytes.
Result<IdxArray> read_idx(const std::filesystem::path& path);

}  // namespace pyro::datasets
