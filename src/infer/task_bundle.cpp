#include "pyro/infer/task_bundle.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace pyro::infer {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint32_t kEndSignature = 0x06054b50, kCentralSignature = 0x02014b50,
                        kLocalSignature = 0x04034b50;
constexpr std::size_t kEndSize = 22, kCentralSize = 46, kLocalSize = 30, kLongestComment = 0xffff;

// Little-endian reads; the caller has checked that they lie inside.
std::uint16_t read16(Bytes bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] | (bytes[at + 1] << 8));
}
std::uint32_t read32(Bytes bytes, std::size_t at) {
  return read16(bytes, at) | (static_cast<std::uint32_t>(read16(bytes, at + 2)) << 16);
}

// CRC-32 of ISO 3309 as ZIP uses it (polynomial 0xEDB88320).
std::uint32_t crc32(Bytes bytes) {
  static constexpr auto kTable = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
      std::uint32_t value = i;
      for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? 0xedb88320U : 0U);
      table[i] = value;
    }
    return table;
  }();
  std::uint32_t crc = 0xffffffffU;
  for (const std::uint8_t byte : bytes) crc = (crc >> 8) ^ kTable[(crc ^ byte) & 0xff];
  return ~crc;
}

// The end record stands last, before a comment of up to 64 KiB.
std::optional<std::size_t> find_end(Bytes file) {
  if (file.size() < kEndSize) return std::nullopt;
  const std::size_t last = file.size() - kEndSize;
  const std::size_t first = last > kLongestComment ? last - kLongestComment : 0;
  for (std::size_t at = last + 1; at-- > first;) {
    if (read32(file, at) == kEndSignature && at + kEndSize + read16(file, at + 20) == file.size()) return at;
  }
  return std::nullopt;
}

std::string_view text_at(Bytes file, std::size_t at, std::size_t length) {
  return {reinterpret_cast<const char*>(file.data() + at), length};
}

}  // namespace

Result<TaskBundle> TaskBundle::parse(Bytes file, std::string_view name_in_messages) {
  const auto broken = [&](const std::string& what) {
    return bad_input(std::string(name_in_messages) + ": " + what + "; fetch it again with setup/fetch");
  };
  const auto end = find_end(file);
  if (!end) return broken("is no task bundle (no ZIP end record)");
  const std::size_t count = read16(file, *end + 10);
  const std::size_t directory_size = read32(file, *end + 12);
  std::size_t at = read32(file, *end + 16);
  if (read16(file, *end + 4) != 0 || read16(file, *end + 8) != count || at > *end ||
      directory_size > *end - at) {
    return broken("its directory lies outside the file");
  }
  const std::size_t directory_end = at + directory_size;

  TaskBundle bundle;
  bundle.entries_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (directory_end - at < kCentralSize || read32(file, at) != kCentralSignature) {
      return broken("its directory is damaged");
    }
    const std::size_t name_length = read16(file, at + 28);
    const std::size_t tail = name_length + read16(file, at + 30) + read16(file, at + 32);
    if (directory_end - at - kCentralSize < tail) return broken("its directory is damaged");
    const std::string_view name = text_at(file, at + kCentralSize, name_length);
    const std::string quoted = "entry " + std::to_string(i + 1);
    if ((read16(file, at + 8) & 1) != 0 || read16(file, at + 10) != 0) {
      return broken(quoted + " is compressed or encrypted, which a task bundle never is");
    }
    const std::size_t size = read32(file, at + 24);
    const std::size_t local = read32(file, at + 42);
    if (read32(file, at + 20) != size || local > file.size() || file.size() - local < kLocalSize ||
        read32(file, local) != kLocalSignature) {
      return broken(quoted + " lies outside the file");
    }
    const std::size_t data = local + kLocalSize + read16(file, local + 26) + read16(file, local + 28);
    if (data > file.size() || file.size() - data < size) return broken(quoted + " lies outside the file");
    const Bytes bytes = file.subspan(data, size);
    if (crc32(bytes) != read32(file, at + 16)) return broken(quoted + " is damaged (its CRC-32 differs)");
    if (bundle.find(name)) return broken(quoted + " has the name of another");
    bundle.entries_.push_back({name, bytes});
    at += kCentralSize + tail;
  }
  return bundle;
}

std::optional<Bytes> TaskBundle::find(std::string_view name) const {
  const auto found = std::ranges::find(entries_, name, &Entry::name);
  if (found == entries_.end()) return std::nullopt;
  return found->bytes;
}

}  // namespace pyro::infer
