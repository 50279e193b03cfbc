// How long a file says it is. A truncated file looks like an early end to most demuxers; its outer structure
// tells.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

namespace pyro::capture {

// Reads up to out.size() bytes at the offset; returns how many there were.
using ReadAt = std::function<std::size_t(std::int64_t offset, std::span<std::uint8_t> out)>;

// Where the outermost elements of a file of file_bytes end by their own size fields: ISO base media (mp4,
// mov; ISO/IEC 14496-12 4.2), RIFF (avi) and EBML (mkv, webm; RFC 8794). nullopt: another kind of file, or
// open-ended. More than file_bytes means that the rest is missing.
[[nodiscard]] std::optional<std::int64_t> declared_extent(const ReadAt& read, std::int64_t file_bytes);

// How many bytes the file declares beyond its end; nullopt: none, or it does not tell.
[[nodiscard]] std::optional<std::int64_t> missing_bytes(const std::string& path);

}  // namespace pyro::capture
