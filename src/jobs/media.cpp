#include "pyro/jobs/media.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "pyro/base/files.hpp"

namespace pyro::jobs {
namespace {

struct Mark {
  std::size_t at;
  std::string_view bytes;
  Media media;
};

using namespace std::string_view_literals;
constexpr std::size_t kBytesLookedAt = 512;
constexpr Media kMp4{MediaKind::video, ".mp4"}, kMov{MediaKind::video, ".mov"};
constexpr std::array kMarks{
    Mark{0, "\xff\xd8\xff"sv, {MediaKind::picture, ".jpg"}},
    Mark{0, "\x89PNG\r\n\x1a\n"sv, {MediaKind::picture, ".png"}},
    Mark{8, "WEBP"sv, {MediaKind::picture, ".webp"}},
    Mark{8, "AVI "sv, {MediaKind::video, ".avi"}},
    Mark{4, "ftyp"sv, kMp4},
    Mark{4, "moov"sv, kMov},
    Mark{4, "mdat"sv, kMov},
    Mark{4, "wide"sv, kMov},
    Mark{4, "free"sv, kMov},
    Mark{4, "skip"sv, kMov},
    Mark{0, "\x1a\x45\xdf\xa3"sv, {MediaKind::video, ".mkv"}},
    Mark{0, "FLV\x01"sv, {MediaKind::video, ".flv"}},
    Mark{0, "OggS"sv, {MediaKind::video, ".ogv"}},
    Mark{0, "\x00\x00\x01\xba"sv, {MediaKind::video, ".mpg"}},
    Mark{0, "\x00\x00\x01\xb3"sv, {MediaKind::video, ".mpg"}},
    Mark{0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11"sv, {MediaKind::video, ".wmv"}},
    Mark{0, "PK\x03\x04"sv, {MediaKind::archive, ".zip"}},
    Mark{0, "PK\x05\x06"sv, {MediaKind::archive, ".zip"}},  // one that is empty
    Mark{0, "\x1f\x8b\x08"sv, {MediaKind::archive, ".tar.gz"}},
    Mark{257, "ustar"sv, {MediaKind::archive, ".tar"}},
};

// A word in a text can be a mark by accident, or by intent: "<!--ftyp-->" before a playlist. These formats
// begin with a length, whose first byte is no letter, or with RIFF.
bool begins_as_marked(std::string_view bytes, std::size_t mark_at) {
  if (mark_at == 8) return bytes.starts_with("RIFF");
  return mark_at != 4 || static_cast<unsigned char>(bytes[0]) < 0x20;
}

bool is_transport_stream(std::string_view bytes) {
  constexpr std::size_t kPacket = 188;
  return bytes.size() > 2 * kPacket && bytes[0] == 'G' && bytes[kPacket] == 'G' && bytes[2 * kPacket] == 'G';
}

// "BM", with the two reserved words that are always zero and a header of a length that there is.
bool is_bitmap(std::string_view bytes) {
  return bytes.size() > 18 && bytes.starts_with("BM") && bytes.substr(6, 4) == "\0\0\0\0"sv &&
         (bytes[14] == 40 || bytes[14] == 108 || bytes[14] == 124);
}

// Letters, and a first line of at least two cells. What begins as other languages do is none: a playlist is
// not to be taken for a table that happens to have commas.
bool is_table(std::string_view bytes) {
  const bool text = std::ranges::all_of(bytes, [](char c) {
    const auto code = static_cast<unsigned char>(c);
    return code >= 0x20 ? code != 0x7f : c == '\t' || c == '\r' || c == '\n';
  });
  if (!text || bytes.empty() || std::string_view{"#<{["}.find(bytes.front()) != std::string_view::npos)
    return false;
  return bytes.substr(0, bytes.find('\n')).find_first_of(",;\t") != std::string_view::npos;
}

}  // namespace

std::string_view media_name(MediaKind kind) {
  constexpr std::array<std::string_view, 5> kNames{"unknown", "picture", "video", "archive", "table"};
  return kNames.at(static_cast<std::size_t>(kind));
}

Media media_of(std::string_view first_bytes) {
  first_bytes = first_bytes.substr(0, kBytesLookedAt);
  for (const Mark& mark : kMarks) {
    if (first_bytes.size() >= mark.at + mark.bytes.size() &&
        first_bytes.substr(mark.at, mark.bytes.size()) == mark.bytes &&
        begins_as_marked(first_bytes, mark.at))
      return mark.media;
  }
  if (is_bitmap(first_bytes)) return {MediaKind::picture, ".bmp"};
  if (is_transport_stream(first_bytes)) return {MediaKind::video, ".ts"};
  if (is_table(first_bytes)) return {MediaKind::table, ".csv"};
  return {};
}

Result<Media> media_of_file(const std::filesystem::path& file) {
  const Descriptor opened(file, O_RDONLY | O_NOFOLLOW);
  if (opened.get() < 0) return cannot("read", file, errno);
  std::array<char, kBytesLookedAt> bytes{};
  const ssize_t got = ::read(opened.get(), bytes.data(), bytes.size());
  if (got < 0) return cannot("read", file, errno);
  return media_of({bytes.data(), static_cast<std::size_t>(got)});
}

}  // namespace pyro::jobs
