#include "values.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <limits>

#include "../fault.hpp"
#include "pyro/base/hex.hpp"

namespace pyro::store::postgres {
namespace {

// From the server's catalogue, where they never change.
enum : Oid {
  kBool = 16,
  kBytea = 17,
  kName = 19,
  kInt8 = 20,
  kInt2 = 21,
  kInt4 = 23,
  kText = 25,
  kFloat4 = 700,
  kFloat8 = 701,
  kUnknown = 705,
  kBpchar = 1042,
  kVarchar = 1043,
  kVoid = 2278,
  kUuid = 2950
};

std::string type_name(Oid type) {
  switch (type) {
    case 26:
      return "oid";
    case 114:
      return "json";
    case 1082:
      return "date";
    case 1114:
      return "timestamp";
    case 1184:
      return "timestamptz";
    case 1186:
      return "interval";
    case 1700:
      return "numeric";
    case 3802:
      return "jsonb";
    default:
      return "number " + std::to_string(type);
  }
}

// The wire's numbers have their highest byte first.
template <typename Number>
Number number_at(const char* bytes) {
  Number value = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    value = static_cast<Number>(value << 8) | static_cast<Number>(static_cast<unsigned char>(bytes[i]));
  return value;
}

template <typename Number>
void append_number(std::string& out, Number value) {
  for (std::size_t i = sizeof(Number); i-- > 0;) out += static_cast<char>((value >> (8 * i)) & 0xFF);
}

void append_sized(std::string& out, std::string_view bytes) {
  append_number(out, static_cast<std::uint32_t>(bytes.size()));
  out += bytes;
}

std::string uuid_text(const char* bytes) {
  std::string text;
  for (std::size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    append_hex(text, static_cast<std::uint8_t>(bytes[i]));
  }
  return text;
}

// Empty: it is none.
std::string uuid_bytes(std::string_view text) {
  std::string bytes;
  if (text.size() != 36) return bytes;
  int high = -1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (text[i] != '-') return {};
      continue;
    }
    const int digit = hex_value(text[i]);
    if (digit < 0) return {};
    if (high < 0) {
      high = digit;
    } else {
      bytes += static_cast<char>(high * 16 + digit);
      high = -1;
    }
  }
  return bytes;
}

template <typename Whole>
bool append_whole(std::string& out, const Value& value) {
  const auto* number = std::get_if<std::int64_t>(&value);
  if (number == nullptr || *number < std::numeric_limits<Whole>::min() ||
      *number > std::numeric_limits<Whole>::max())
    return false;
  append_number(out, static_cast<std::uint32_t>(sizeof(Whole)));
  append_number(out, static_cast<std::make_unsigned_t<Whole>>(*number));
  return true;
}

std::optional<double> real_of(const Value& value) {
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* number = std::get_if<std::int64_t>(&value)) return static_cast<double>(*number);
  return std::nullopt;
}

bool append_fit(std::string& out, const Value& value, Oid type) {
  switch (type) {
    case kInt8:
      return append_whole<std::int64_t>(out, value);
    case kInt4:
      return append_whole<std::int32_t>(out, value);
    case kInt2:
      return append_whole<std::int16_t>(out, value);
    case kBool:
      if (const auto* number = std::get_if<std::int64_t>(&value);
          number != nullptr && (*number == 0 || *number == 1)) {
        append_sized(out, *number == 1 ? std::string_view("\1", 1) : std::string_view("\0", 1));
        return true;
      }
      return false;
    case kFloat8:
      if (const auto real = real_of(value)) {
        append_number(out, std::uint32_t{8});
        append_number(out, std::bit_cast<std::uint64_t>(*real));
        return true;
      }
      return false;
    case kFloat4:
      if (const auto real = real_of(value)) {
        append_number(out, std::uint32_t{4});
        append_number(out, std::bit_cast<std::uint32_t>(static_cast<float>(*real)));
        return true;
      }
      return false;
    case kText:
    case kVarchar:
    case kBpchar:
      if (const auto* text = std::get_if<std::string>(&value)) {
        append_sized(out, *text);
        return true;
      }
      return false;
    case kUuid:
      if (const auto* text = std::get_if<std::string>(&value)) {
        const std::string bytes = uuid_bytes(*text);
        if (!bytes.empty()) append_sized(out, bytes);
        return !bytes.empty();
      }
      return false;
    case kBytea:
      if (const auto* blob = std::get_if<Blob>(&value)) {
        append_sized(out, blob->bytes);
        return true;
      }
      return false;
    default:
      return false;
  }
}

}  // namespace

Result<Value> value_of(const PGresult* result, int row, int column) {
  if (PQgetisnull(result, row, column) != 0) return Value{};
  const char* bytes = PQgetvalue(result, row, column);
  const auto size = static_cast<std::size_t>(PQgetlength(result, row, column));
  switch (const Oid type = PQftype(result, column)) {
    case kInt8:
      return Value{static_cast<std::int64_t>(number_at<std::uint64_t>(bytes))};
    case kInt4:
      return Value{std::int64_t{static_cast<std::int32_t>(number_at<std::uint32_t>(bytes))}};
    case kInt2:
      return Value{std::int64_t{static_cast<std::int16_t>(number_at<std::uint16_t>(bytes))}};
    case kBool:
      return Value{std::int64_t{bytes[0] != 0}};
    case kFloat8:
      return Value{std::bit_cast<double>(number_at<std::uint64_t>(bytes))};
    case kFloat4:
      return Value{static_cast<double>(std::bit_cast<float>(number_at<std::uint32_t>(bytes)))};
    case kText:
    case kVarchar:
    case kBpchar:
    case kName:
    case kUnknown:
      return Value{std::string(bytes, size)};
    case kBytea:
      return Value{Blob{std::string(bytes, size)}};
    case kUuid:
      return Value{uuid_text(bytes)};
    case kVoid:
      return Value{};
    default:
      return tl::make_unexpected(sql_error(
          "42804", "column " + std::string(PQfname(result, column)) + " has the type " + type_name(type) +
                       "; cast it to BIGINT, DOUBLE PRECISION, TEXT, UUID or BYTEA"));
  }
}

std::string text_of(const Value& value) {
  std::array<char, 32> text{};
  if (const auto* number = std::get_if<std::int64_t>(&value))
    return {text.data(), std::to_chars(text.data(), text.data() + text.size(), *number).ptr};
  if (const auto* number = std::get_if<double>(&value))
    return {text.data(), std::to_chars(text.data(), text.data() + text.size(), *number).ptr};
  return {};
}

Status append_field(std::string& out, const Value& value, Oid type) {
  if (std::holds_alternative<std::monostate>(value)) {
    append_number(out, std::uint32_t{0xFFFFFFFF});
    return {};
  }
  if (!append_fit(out, value, type))
    return tl::make_unexpected(sql_error("42804", "a value does not fit its column"));
  return {};
}

void append_int16(std::string& out, std::int16_t value) {
  append_number(out, static_cast<std::uint16_t>(value));
}

}  // namespace pyro::store::postgres
