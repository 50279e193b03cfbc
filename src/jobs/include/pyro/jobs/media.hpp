// What a file is, told by its first bytes alone: names lie. Formats that only refer to other files
// (playlists, lists to join) are none that is known here, so nothing that comes from outside makes a decoder
// open something else.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "pyro/base/result.hpp"

namespace pyro::jobs {

// A table is text of which the first line parts cells, as CSV does.
enum class MediaKind : std::uint8_t { unknown, picture, video, archive, table };
struct Media {
  MediaKind kind = MediaKind::unknown;
  std::string_view extension;  // ".jpg", for decoders that look at names first
};

[[nodiscard]] std::string_view media_name(MediaKind kind);  // "picture"
// Told by the first 512 bytes, however many are given: of a file, and of its bytes, the same.
[[nodiscard]] Media media_of(std::string_view first_bytes);
[[nodiscard]] Result<Media> media_of_file(const std::filesystem::path& file);

}  // namespace pyro::jobs
