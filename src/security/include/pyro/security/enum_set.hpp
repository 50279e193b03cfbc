// A small set of an enum's values, kept in one number. The enum counts from 0 and has at most 32 values.
#pragma once

#include <cstdint>
#include <initializer_list>

namespace pyro::security {

template <typename Enum>
class EnumSet {
 public:
  constexpr EnumSet() = default;
  constexpr EnumSet(std::initializer_list<Enum> values) {
    for (const Enum value : values) bits_ |= bit(value);
  }
  [[nodiscard]] static constexpr EnumSet of_bits(std::uint32_t bits) {
    EnumSet set;
    set.bits_ = bits;
    return set;
  }
  [[nodiscard]] constexpr std::uint32_t bits() const { return bits_; }
  [[nodiscard]] constexpr bool has(Enum value) const { return (bits_ & bit(value)) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  [[nodiscard]] constexpr EnumSet with(Enum value) const { return of_bits(bits_ | bit(value)); }
  [[nodiscard]] constexpr EnumSet without(Enum value) const { return of_bits(bits_ & ~bit(value)); }
  friend constexpr bool operator==(EnumSet, EnumSet) = default;

 private:
  static constexpr std::uint32_t bit(Enum value) { return std::uint32_t{1} << static_cast<unsigned>(value); }

  std::uint32_t bits_ = 0;
};

}  // namespace pyro::security
