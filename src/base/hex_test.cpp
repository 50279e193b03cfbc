#include "pyro/base/hex.hpp"

#include <gtest/gtest.h>

#include <array>

namespace pyro {
namespace {

TEST(Hex, WritesTwoDigitsAByte) {
  EXPECT_EQ(hex_text(std::array<std::uint8_t, 4>{0x00, 0x0f, 0xa9, 0xff}), "000fa9ff");
  EXPECT_EQ(hex_text({}), "");
}

TEST(Hex, BothWaysSayTheSameOfEveryByte) {
  for (int i = 0; i < 256; ++i) {
    const auto byte = static_cast<std::uint8_t>(i);
    std::string lower, upper;
    append_hex(lower, byte);
    append_hex(upper, byte, HexCase::upper);
    EXPECT_EQ(lower, hex_text({&byte, 1}));
    EXPECT_EQ(16 * hex_value(lower[0]) + hex_value(lower[1]), i);
    EXPECT_EQ(std::stoi(upper, nullptr, 16), i);
    EXPECT_EQ(upper.find_first_of("abcdef"), std::string::npos);
  }
}

TEST(Hex, KnowsWhatIsNoDigit) {
  for (const char c : {'/', ':', '`', 'g', 'A', '\0', '\xe1'}) EXPECT_EQ(hex_value(c), -1) << c;
}

}  // namespace
}  // namespace pyro
