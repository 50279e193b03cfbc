#include "pyro/store/segment.hpp"

#include <zstd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <memory>

#include "pyro/base/sha256.hpp"
#include "pyro/report/rows.hpp"

namespace pyro::store {
namespace {

using report::Cell;
using report::Type;

constexpr std::string_view kMagic = "PYSG";
constexpr std::uint8_t kSegmentFormat = 1;
constexpr std::size_t kHeaderBytes = 4 + 1 + 4 + 8;
constexpr std::size_t kMostDecodedBytes = std::size_t{8} << 20;
constexpr std::size_t kMostColumns = 512;  // this program's and those of others
constexpr int kLevel = 1;

enum Presence : std::uint8_t { kNowhere = 0, kEverywhere = 1, kSomewhere = 2 };

// What is stored; the order of report::Type may change.
std::uint8_t code_of(Type type) {
  switch (type) {
    case Type::int64:
      return 1;
    case Type::float64:
      return 2;
    case Type::float32:
      return 3;
    case Type::boolean:
      return 4;
    case Type::text:
      return 5;
    case Type::utc:
      return 6;
  }
  return 0;
}

template <typename Number>
void put_number(std::string& out, Number value) {
  for (std::size_t i = 0; i < sizeof(Number); ++i) out += static_cast<char>((value >> (8 * i)) & 0xFF);
}

void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

std::uint64_t zig_zag(std::uint64_t value) {
  return (value << 1) ^ (0 - (value >> 63));
}
std::uint64_t zag_zig(std::uint64_t value) {
  return (value >> 1) ^ (0 - (value & 1));
}

// All first bytes, then all second ones: neighbouring values share their high bytes.
void put_shuffled(std::string& out, const std::vector<std::uint64_t>& bits, std::size_t width) {
  for (std::size_t byte = 0; byte < width; ++byte) {
    for (const std::uint64_t value : bits) out += static_cast<char>((value >> (8 * byte)) & 0xFF);
  }
}

template <typename IsSet>
void put_bitmap(std::string& out, std::size_t count, IsSet is_set) {
  const std::size_t begin = out.size();
  out.append((count + 7) / 8, '\0');
  for (std::size_t i = 0; i < count; ++i) {
    if (is_set(i))
      out[begin + i / 8] =
          static_cast<char>(static_cast<unsigned char>(out[begin + i / 8]) | (1U << (i % 8)));
  }
}

std::uint64_t bits_of(const Cell& cell) {
  struct Bits {
    std::uint64_t operator()(std::monostate) const { return 0; }
    std::uint64_t operator()(std::int64_t value) const { return static_cast<std::uint64_t>(value); }
    std::uint64_t operator()(double value) const { return std::bit_cast<std::uint64_t>(value); }
    std::uint64_t operator()(float value) const { return std::bit_cast<std::uint32_t>(value); }
    std::uint64_t operator()(bool value) const { return value ? 1 : 0; }
    std::uint64_t operator()(std::string_view value) const { return value.size(); }
    std::uint64_t operator()(UtcTime value) const {
      return static_cast<std::uint64_t>(value.time_since_epoch().count());
    }
  };
  return std::visit(Bits{}, cell);
}

void put_values(std::string& out, Type type, const std::vector<Cell>& cells) {
  std::vector<std::uint64_t> bits;
  bits.reserve(cells.size());
  for (const Cell& cell : cells) {
    if (!std::holds_alternative<std::monostate>(cell)) bits.push_back(bits_of(cell));
  }
  if (bits.empty()) {
    out += static_cast<char>(kNowhere);
    return;
  }
  out += static_cast<char>(bits.size() == cells.size() ? kEverywhere : kSomewhere);
  if (bits.size() != cells.size())
    put_bitmap(out, cells.size(),
               [&](std::size_t i) { return !std::holds_alternative<std::monostate>(cells[i]); });
  switch (type) {
    case Type::int64:
    case Type::utc: {
      std::uint64_t before = 0;
      for (const std::uint64_t value : bits) {
        put_varint(out, zig_zag(value - before));
        before = value;
      }
      break;
    }
    case Type::float64:
      put_shuffled(out, bits, 8);
      break;
    case Type::float32:
      put_shuffled(out, bits, 4);
      break;
    case Type::boolean:
      put_bitmap(out, bits.size(), [&bits](std::size_t i) { return bits[i] != 0; });
      break;
    case Type::text:
      for (const std::uint64_t length : bits) put_varint(out, length);
      for (const Cell& cell : cells) {
        if (const auto* text = std::get_if<std::string_view>(&cell)) out += *text;
      }
      break;
  }
}

std::uint64_t fingerprint() {
  static const std::uint64_t value = [] {
    std::string text;
    for (const auto& column : report::frame_columns()) {
      text += column.name;
      text += ':';
      text += report::name_of(column.type);
      text += '\n';
    }
    return std::stoull(sha256_hex(text).substr(0, 16), nullptr, 16);
  }();
  return value;
}

}  // namespace

// Reads bytes that may be anything.
class SegmentReader {
 public:
  explicit SegmentReader(std::string_view bytes) : rest_(bytes) {}

  [[nodiscard]] bool done() const { return rest_.empty(); }
  [[nodiscard]] bool take(std::size_t count, std::string_view& bytes) {
    if (rest_.size() < count) return false;
    bytes = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return true;
  }
  template <typename Number>
  [[nodiscard]] bool number(Number& value) {
    std::string_view bytes;
    if (!take(sizeof(Number), bytes)) return false;
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < sizeof(Number); ++i)
      sum |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    value = static_cast<Number>(sum);
    return true;
  }
  [[nodiscard]] bool varint(std::uint64_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      std::uint8_t byte = 0;
      if (!number(byte)) return false;
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return shift < 63 || byte <= 1;
    }
    return false;
  }
  // Values of a column whose bytes these are. False: they are not.
  [[nodiscard]] bool column(Type type, std::size_t rows, Segment::Values& values, std::vector<char>& text) {
    std::uint8_t presence = 0;
    if (!number(presence) || presence > kSomewhere) return false;
    if (presence == kNowhere) return done();
    values.at.resize(rows);
    std::uint16_t count = 0;
    std::string_view bitmap;
    if (presence == kSomewhere && !take((rows + 7) / 8, bitmap)) return false;
    for (std::size_t row = 0; row < rows; ++row) {
      if (presence == kEverywhere || bit(bitmap, row)) values.at[row] = ++count;
    }
    values.bits.resize(count);
    return values_of(type, values.bits, text) && done();
  }

 private:
  static bool bit(std::string_view bitmap, std::size_t i) {
    return ((static_cast<unsigned char>(bitmap[i / 8]) >> (i % 8)) & 1U) != 0;
  }
  [[nodiscard]] bool values_of(Type type, std::vector<std::uint64_t>& bits, std::vector<char>& text) {
    switch (type) {
      case Type::int64:
      case Type::utc: {
        std::uint64_t before = 0;
        for (std::uint64_t& value : bits) {
          if (!varint(value)) return false;
          before += zag_zig(value);
          value = before;
        }
        return true;
      }
      case Type::float64:
        return unshuffle(bits, 8);
      case Type::float32:
        return unshuffle(bits, 4);
      case Type::boolean: {
        std::string_view bitmap;
        if (!take((bits.size() + 7) / 8, bitmap)) return false;
        for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = bit(bitmap, i) ? 1 : 0;
        return true;
      }
      case Type::text:
        return texts(bits, text);
    }
    return false;
  }
  [[nodiscard]] bool unshuffle(std::vector<std::uint64_t>& bits, std::size_t width) {
    for (std::size_t byte = 0; byte < width; ++byte) {
      std::string_view plane;
      if (!take(bits.size(), plane)) return false;
      for (std::size_t i = 0; i < bits.size(); ++i)
        bits[i] |= static_cast<std::uint64_t>(static_cast<unsigned char>(plane[i])) << (8 * byte);
    }
    return true;
  }
  [[nodiscard]] bool texts(std::vector<std::uint64_t>& bits, std::vector<char>& text) {
    for (std::uint64_t& length : bits) {
      if (!varint(length) || length > kMostDecodedBytes) return false;
    }
    for (std::uint64_t& value : bits) {
      std::string_view characters;
      if (!take(value, characters)) return false;
      value |= static_cast<std::uint64_t>(text.size()) << 32;
      text.insert(text.end(), characters.begin(), characters.end());
    }
    return true;
  }

  std::string_view rest_;
};

Result<std::string> encode_segment(std::span<const records::Observation> observations) {
  if (observations.empty()) return bad_input("a segment without observations is not stored");
  if (observations.size() > kMostSegmentRows) {
    return bad_input("one second of a session has " + std::to_string(observations.size()) +
                     " observations, more than the " + std::to_string(kMostSegmentRows) +
                     " that a segment holds; cut it by seconds");
  }
  std::string raw;
  std::vector<Cell> cells(observations.size());
  for (const auto& column : report::frame_columns()) {
    std::ranges::transform(observations, cells.begin(), [&column](const records::Observation& row) {
      return column.read(row, column.which);
    });
    raw += static_cast<char>(column.name.size());
    raw += column.name;
    raw += static_cast<char>(code_of(column.type));
    const std::size_t length_at = raw.size();
    raw.append(4, '\0');
    put_values(raw, column.type, cells);
    std::string length;
    put_number(length, static_cast<std::uint32_t>(raw.size() - length_at - 4));
    raw.replace(length_at, 4, length);
  }
  std::string out{kMagic};
  put_number(out, kSegmentFormat);
  put_number(out, static_cast<std::uint32_t>(observations.size()));
  put_number(out, fingerprint());
  const std::size_t body = out.size();
  out.resize(body + ZSTD_compressBound(raw.size()));
  // Making one costs more than a second's work with it.
  thread_local const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> packer(ZSTD_createCCtx(),
                                                                                 ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(packer.get(), ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(packer.get(), ZSTD_c_checksumFlag, 1);
  const std::size_t size =
      ZSTD_compress2(packer.get(), out.data() + body, out.size() - body, raw.data(), raw.size());
  if (ZSTD_isError(size) != 0) return failed("a segment cannot be compressed", ZSTD_getErrorName(size));
  out.resize(body + size);
  return out;
}

Result<Segment> Segment::decode(std::string_view bytes) {
  SegmentReader header(bytes);
  std::string_view magic;
  std::uint8_t format = 0;
  std::uint32_t rows = 0;
  std::uint64_t ignored = 0;  // for whoever looks for segments with other columns
  if (!header.take(kMagic.size(), magic) || magic != kMagic || !header.number(format))
    return bad_input("these bytes are no segment of a session");
  if (format != kSegmentFormat)
    return bad_input("the segment has format " + std::to_string(format) +
                     ", which this program does not know; use a newer one");
  const auto damaged = [](std::string_view how) {
    return bad_input("the segment is damaged; bring back a backup", std::string(how));
  };
  if (!header.number(rows) || !header.number(ignored) || rows == 0 || rows > kMostSegmentRows)
    return damaged("header");
  const std::string_view packed = bytes.substr(kHeaderBytes);
  const unsigned long long size = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kMostDecodedBytes)
    return damaged("size");
  std::vector<char> raw(size);
  const std::size_t unpacked = ZSTD_decompress(raw.data(), raw.size(), packed.data(), packed.size());
  if (unpacked != raw.size()) return damaged(ZSTD_getErrorName(unpacked));

  Segment segment;
  segment.rows_ = rows;
  const auto known = report::frame_columns();
  segment.columns_.resize(known.size());
  std::vector<bool> seen(known.size());
  SegmentReader body({raw.data(), raw.size()});
  for (std::size_t count = 0; !body.done(); ++count) {
    std::uint8_t name_bytes = 0, type = 0;
    std::uint32_t value_bytes = 0;
    std::string_view name, values;
    if (count == kMostColumns || !body.number(name_bytes) || !body.take(name_bytes, name) ||
        !body.number(type) || !body.number(value_bytes) || !body.take(value_bytes, values))
      return damaged("columns");
    // They mostly stand where they stand here.
    std::size_t at = count < known.size() && known[count].name == name ? count : 0;
    while (at < known.size() && known[at].name != name) ++at;
    if (at == known.size()) continue;
    if (seen[at] || code_of(known[at].type) != type) return damaged("column " + std::string(known[at].name));
    seen[at] = true;
    if (!SegmentReader(values).column(known[at].type, rows, segment.columns_[at], segment.text_))
      return damaged("values of " + std::string(known[at].name));
  }
  return segment;
}

Cell Segment::cell(std::size_t row, std::size_t column) const {
  const Values& values = columns_[column];
  if (values.at.empty() || values.at[row] == 0) return {};
  const std::uint64_t bits = values.bits[values.at[row] - 1U];
  switch (report::frame_columns()[column].type) {
    case Type::int64:
      return static_cast<std::int64_t>(bits);
    case Type::float64: {
      const auto value = std::bit_cast<double>(bits);
      return std::isfinite(value) ? Cell{value} : Cell{};
    }
    case Type::float32: {
      const auto value = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
      return std::isfinite(value) ? Cell{value} : Cell{};
    }
    case Type::boolean:
      return bits != 0;
    case Type::text:
      return std::string_view(text_.data() + (bits >> 32), bits & 0xFFFFFFFF);
    case Type::utc:
      return UtcTime{std::chrono::microseconds{static_cast<std::int64_t>(bits)}};
  }
  return {};
}

void Segment::append_csv(std::string& out, std::size_t row) const {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (i > 0) out += ',';
    report::append_csv(out, cell(row, i));
  }
  out += '\n';
}

void Segment::append_json(std::string& out, std::size_t row) const {
  char before = '{';
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    out += before;
    out += '"';
    out += report::frame_columns()[i].name;
    out += "\":";
    report::append_json(out, cell(row, i));
    before = ',';
  }
  out += '}';
}

}  // namespace pyro::store
