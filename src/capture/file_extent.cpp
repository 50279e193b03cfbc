#include "file_extent.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdio>
#include <limits>
#include <memory>
#include <string_view>

namespace pyro::capture {
namespace {

constexpr std::int64_t no_end = std::numeric_limits<std::int64_t>::max();

std::uint64_t big_endian(std::span<const std::uint8_t> bytes) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

bool is_tag(std::span<const std::uint8_t> bytes, std::string_view tag) {
  return bytes.size() >= tag.size() &&
         std::equal(tag.begin(), tag.end(), bytes.begin(),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

// offset + size, or nullopt where that makes no sense.
std::optional<std::int64_t> end_of(std::int64_t offset, std::uint64_t size) {
  if (size > static_cast<std::uint64_t>(no_end - offset)) return std::nullopt;
  return offset + static_cast<std::int64_t>(size);
}

std::optional<std::int64_t> iso_extent(const ReadAt& read, std::int64_t file_bytes) {
  std::int64_t offset = 0;
  // Fragmented files have many boxes; each step is one small read.
  for (int boxes = 0; boxes < 1'000'000 && offset < file_bytes; ++boxes) {
    std::array<std::uint8_t, 16> header{};
    const std::size_t got = read(offset, header);
    if (got < 8) return got == 0 ? offset : offset + 8;
    std::uint64_t size = big_endian(std::span(header).first<4>());
    if (size == 0) return std::nullopt;  // to the end of the file
    if (size == 1) {
      if (got < 16) return offset + 16;
      size = big_endian(std::span(header).last<8>());
    }
    // Some writers leave rubbish or zeros after the last box: only a plausible type counts.
    const bool plausible = std::all_of(header.begin() + 4, header.begin() + 8,
                                       [](std::uint8_t c) { return (c >= 0x20 && c < 0x7f) || c == 0xa9; });
    if (size < 8 || !plausible) return std::nullopt;
    const auto end = end_of(offset, size);
    if (!end) return std::nullopt;
    offset = *end;
  }
  return offset;
}

std::optional<std::int64_t> riff_extent(const ReadAt& read, std::int64_t file_bytes) {
  std::int64_t offset = 0;
  // OpenDML files are a row of RIFF chunks.
  while (offset < file_bytes) {
    std::array<std::uint8_t, 12> header{};
    if (read(offset, header) < header.size() || !is_tag(header, "RIFF")) break;
    const std::uint32_t size =
        static_cast<std::uint32_t>(header[4]) | static_cast<std::uint32_t>(header[5]) << 8 |
        static_cast<std::uint32_t>(header[6]) << 16 | static_cast<std::uint32_t>(header[7]) << 24;
    if (size == 0 || size == 0xffffffff) return std::nullopt;  // never finished: written to a pipe
    offset += 8 + static_cast<std::int64_t>(size) + (size & 1);
  }
  // The last pad byte is often left out.
  return offset == file_bytes + 1 ? file_bytes : offset;
}

// An EBML element's end: header at offset with an id of id_bytes; nullopt where its size is unknown or
// unreadable.
std::optional<std::int64_t> ebml_end(const ReadAt& read, std::int64_t offset, int id_bytes) {
  std::array<std::uint8_t, 8> size{};
  const std::size_t got = read(offset + id_bytes, size);
  if (got == 0 || size[0] == 0) return std::nullopt;
  const int length = std::countl_zero(size[0]) + 1;
  if (got < static_cast<std::size_t>(length)) return std::nullopt;
  const std::uint64_t mask = (std::uint64_t{1} << (7 * length)) - 1;
  const std::uint64_t value = big_endian(std::span(size).first(static_cast<std::size_t>(length))) & mask;
  if (value == mask) return std::nullopt;
  return end_of(offset + id_bytes + length, value);
}

std::optional<std::int64_t> ebml_extent(const ReadAt& read) {
  const auto head_end = ebml_end(read, 0, 4);
  if (!head_end) return std::nullopt;
  std::array<std::uint8_t, 4> id{};
  if (read(*head_end, id) < id.size() || big_endian(id) != 0x18538067) return std::nullopt;
  return ebml_end(read, *head_end, 4);
}

}  // namespace

std::optional<std::int64_t> declared_extent(const ReadAt& read, std::int64_t file_bytes) {
  std::array<std::uint8_t, 12> start{};
  if (read(0, start) < start.size()) return std::nullopt;
  if (is_tag(start, "RIFF")) return riff_extent(read, file_bytes);
  if (big_endian(std::span(start).first<4>()) == 0x1a45dfa3) return ebml_extent(read);
  const auto type = std::span(start).subspan(4, 4);
  for (const std::string_view known : {"ftyp", "moov", "mdat", "wide", "free", "skip", "pnot", "styp"}) {
    if (is_tag(type, known)) return iso_extent(read, file_bytes);
  }
  return std::nullopt;
}

std::optional<std::int64_t> missing_bytes(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (!file || fseeko(file.get(), 0, SEEK_END) != 0) return std::nullopt;
  const std::int64_t size = ftello(file.get());
  const auto declared = declared_extent(
      [&](std::int64_t offset, std::span<std::uint8_t> out) -> std::size_t {
        return fseeko(file.get(), offset, SEEK_SET) == 0 ? std::fread(out.data(), 1, out.size(), file.get())
                                                         : 0;
      },
      size);
  if (!declared || *declared <= size) return std::nullopt;
  return *declared - size;
}

}  // namespace pyro::capture
