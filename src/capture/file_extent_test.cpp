#include "file_extent.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "test_bytes.hpp"

namespace pyro::capture {
namespace {

std::optional<std::int64_t> extent(const Bytes& file) {
  return declared_extent(
      [&](std::int64_t offset, std::span<std::uint8_t> out) -> std::size_t {
        if (offset < 0 || offset >= static_cast<std::int64_t>(file.size())) return 0;
        const auto from = std::span(file).subspan(static_cast<std::size_t>(offset));
        const std::size_t count = std::min(from.size(), out.size());
        std::copy_n(from.begin(), count, out.begin());
        return count;
      },
      static_cast<std::int64_t>(file.size()));
}

Bytes box(const std::string& type, std::size_t content) {
  const std::size_t size = 8 + content;
  Bytes bytes(size);
  for (int i = 0; i < 4; ++i) bytes[i] = static_cast<std::uint8_t>(size >> (24 - 8 * i));
  std::copy(type.begin(), type.end(), bytes.begin() + 4);
  return bytes;
}

TEST(DeclaredExtent, IsoBaseMedia) {
  Bytes file = box("ftyp", 16) + box("moov", 200) + box("mdat", 1000);
  EXPECT_EQ(extent(file), 1240);
  file.resize(900);
  EXPECT_EQ(extent(file), 1240);
  file.resize(235);  // within the mdat's header
  EXPECT_GT(extent(file).value_or(0), 235);
  EXPECT_EQ(extent(box("ftyp", 16) + Bytes{0, 0, 0, 0, 'm', 'd', 'a', 't', 1, 2, 3}),
            std::nullopt);                                              // open end
  EXPECT_EQ(extent(box("ftyp", 16) + Bytes(100, 0xff)), std::nullopt);  // rubbish
  const Bytes large{0, 0, 0, 1, 'm', 'd', 'a', 't', 0, 0, 0, 2, 0, 0, 0, 0};
  EXPECT_EQ(extent(box("ftyp", 16) + large), 24 + 0x200000000);
}

TEST(DeclaredExtent, Riff) {
  Bytes file{'R', 'I', 'F', 'F', 100, 0, 0, 0, 'A', 'V', 'I', ' '};
  EXPECT_EQ(extent(file), 108);
  file.resize(108);
  EXPECT_EQ(extent(file + file), 216);  // OpenDML
  file[4] = 99;
  file.resize(107);
  EXPECT_EQ(extent(file), 107);  // the pad byte may be missing
  file[4] = 0;
  EXPECT_EQ(extent(file), std::nullopt);
}

TEST(DeclaredExtent, Ebml) {
  const Bytes head{0x1a, 0x45, 0xdf, 0xa3, 0x82, 1, 2};
  const Bytes segment{0x18, 0x53, 0x80, 0x67};
  EXPECT_EQ(extent(head + segment + Bytes{0x41, 0x00, 0, 0}), 7 + 4 + 2 + 256);
  EXPECT_EQ(extent(head + segment + Bytes{0x01, 0, 0, 0, 0, 0, 1, 0}), 7 + 4 + 8 + 256);
  EXPECT_EQ(extent(head + segment + Bytes{0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}),
            std::nullopt);  // live
  EXPECT_EQ(extent(head + segment), std::nullopt);
}

TEST(DeclaredExtent, RandomBytesEnd) {
  std::mt19937 random(11);
  const std::vector<Bytes> starts{box("ftyp", 8), {'R', 'I', 'F', 'F'}, {0x1a, 0x45, 0xdf, 0xa3}};
  for (int round = 0; round < 3000; ++round) {
    Bytes file = starts[random() % starts.size()];
    file.resize(file.size() + random() % 300);
    for (std::size_t i = 4; i < file.size(); ++i) {
      if (random() % 3 == 0) file[i] = static_cast<std::uint8_t>(random());
    }
    const auto end = extent(file);
    ASSERT_GE(end.value_or(0), 0);
  }
}

}  // namespace
}  // namespace pyro::capture
