// Thrift's compact protocol, the writing half, as far as Parquet's footer needs it. Private to the room.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pyro::report {

class ThriftCompact {
 public:
  explicit ThriftCompact(std::string& out) : out_(out) {}

  void begin() { last_field_.push_back(0); }  // a struct that is an element of a list, or the outermost
  void end() {
    out_ += '\0';
    last_field_.pop_back();
  }
  void field_struct(int id) {
    header(id, kStruct);
    begin();
  }
  void field_i32(int id, std::int32_t value) { integer(id, kI32, value); }
  void field_i64(int id, std::int64_t value) { integer(id, kI64, value); }
  void field_bool(int id, bool value) { header(id, value ? kTrue : kFalse); }
  void field_text(int id, std::string_view value) {
    header(id, kBinary);
    text(value);
  }
  enum class Element : std::uint8_t { i32 = 5, text = 8, structure = 12 };
  void field_list(int id, Element element, std::size_t size) {
    header(id, kList);
    const auto type = static_cast<unsigned>(element);
    if (size < 15) {
      byte(static_cast<unsigned>(size) << 4 | type);
    } else {
      byte(0xF0U | type);
      varint(size);
    }
  }
  void element_i32(std::int32_t value) { varint(zigzag(value)); }
  void text(std::string_view value) {
    varint(value.size());
    out_ += value;
  }

 private:
  static constexpr unsigned kTrue = 1, kFalse = 2, kI32 = 5, kI64 = 6, kBinary = 8, kList = 9, kStruct = 12;

  static std::uint64_t zigzag(std::int64_t value) {
    return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
  }
  void byte(unsigned value) { out_ += static_cast<char>(value); }
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) byte(static_cast<unsigned>(value & 0x7F) | 0x80U);
    byte(static_cast<unsigned>(value));
  }
  // Fields come in the order of their ids, never more than 15 apart: always the short form.
  void header(int id, unsigned type) {
    byte(static_cast<unsigned>(id - last_field_.back()) << 4 | type);
    last_field_.back() = id;
  }
  void integer(int id, unsigned type, std::int64_t value) {
    header(id, type);
    varint(zigzag(value));
  }

  std::string& out_;
  std::vector<int> last_field_;
};

}  // namespace pyro::report
