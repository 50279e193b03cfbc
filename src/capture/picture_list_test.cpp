#include "picture_list.hpp"

#include <gtest/gtest.h>

#include "test_clips.hpp"

namespace pyro::capture {
namespace {

using test::read_all;
using test::TempFolder;

TEST(NaturalLess, NumbersByValue) {
  const std::vector<std::string> sorted{
      "1.jpg",      "2.jpg",  "10.jpg", "a2b2.png", "a2b10.png",
      "a02b11.png", "A3.png", "b.png",  "b1.png",   "b99999999999999999999999.png"};
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    EXPECT_FALSE(natural_less(sorted[i], sorted[i]));
    for (std::size_t j = i + 1; j < sorted.size(); ++j) {
      EXPECT_TRUE(natural_less(sorted[i], sorted[j])) << sorted[i] << ' ' << sorted[j];
      EXPECT_FALSE(natural_less(sorted[j], sorted[i])) << sorted[i] << ' ' << sorted[j];
    }
  }
  EXPECT_NE(natural_less("a1", "a01"), natural_less("a01", "a1"));  // a fixed order all the same
}

class Pictures : public ::testing::Test {
 protected:
  void picture(const std::string& name, int width, int height, std::uint8_t shade) {
    test::write_bytes(folder_ / name, test::make_jpeg(width, height, shade));
  }
  TempFolder folder_;
};

TEST_F(Pictures, AFolderInNaturalOrderEachInItsSize) {
  picture("img10.jpg", 40, 30, 200);
  picture("img9.jpg", 64, 48, 100);
  picture("img1.jpeg", 33, 17, 50);
  picture(".hidden.jpg", 8, 8, 0);
  test::write_bytes(folder_ / "notes.txt", {'h', 'i'});
  auto source = open(folder_.path().string());
  ASSERT_TRUE(source) << source.error().text();
  EXPECT_EQ((*source)->info().frame_count_hint, 3);
  EXPECT_EQ((*source)->info().width, 33);
  const std::vector<std::pair<int, int>> sizes{{33, 17}, {64, 48}, {40, 30}};
  const std::vector<int> shades{50, 100, 200};
  for (std::size_t i = 0; i < 3; ++i) {
    auto frame = (*source)->next();
    ASSERT_TRUE(frame && *frame);
    EXPECT_EQ((*frame)->index, static_cast<std::int64_t>(i));
    EXPECT_DOUBLE_EQ((*frame)->time.count(), static_cast<double>(i) / 25);
    EXPECT_EQ((*frame)->width, sizes[i].first);
    EXPECT_EQ((*frame)->height, sizes[i].second);
    EXPECT_TRUE((*frame)->full_range);
    EXPECT_NEAR((*frame)->y.row(5)[5], shades[i], 3);
  }
  auto end = (*source)->next();
  ASSERT_TRUE(end);
  EXPECT_FALSE(*end);
}

TEST_F(Pictures, ADamagedOneIsLeftOutAndTold) {
  picture("1.jpg", 32, 32, 10);
  picture("3.jpg", 32, 32, 30);
  std::vector<std::uint8_t> broken{0xff, 0xd8, 0xff, 0xe0, 1, 2, 3};
  test::write_bytes(folder_ / "2.jpg", broken);
  const auto reading = read_all(folder_.path().string());
  ASSERT_EQ(reading.count(), 2u);
  EXPECT_DOUBLE_EQ(reading.frames[1].time.count(), 0.08);
  ASSERT_TRUE(reading.error);
  EXPECT_NE(reading.error->message.find("2.jpg"), std::string::npos) << reading.error->text();
}

TEST_F(Pictures, OneThatIsCutOffComesWithAnError) {
  auto bytes = test::make_jpeg(320, 240, 77);
  bytes.resize(bytes.size() - 40);
  test::write_bytes(folder_ / "cut.jpg", bytes);
  const auto reading = read_all(folder_ / "cut.jpg");
  ASSERT_TRUE(reading.error);
  EXPECT_NE(reading.error->message.find("cut off"), std::string::npos) << reading.error->text();
}

TEST_F(Pictures, ALoneBrokenOneIsRefusedAtOnce) {
  test::write_bytes(folder_ / "broken.png", {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 0});
  auto source = open(folder_ / "broken.png");
  ASSERT_FALSE(source);
  EXPECT_NE(source.error().message.find("broken.png"), std::string::npos);
}

TEST_F(Pictures, TheOtherKindsAndTheirDamage) {
  NEEDS_FFMPEG();
  for (const char* name : {"a.png", "a.bmp", "a.webp", "a.jpg", "p.png"}) {
    const std::string format = std::string(name) == "p.png" ? " -pix_fmt pal8 " : "";
    if (!test::ffmpeg("-f lavfi -i testsrc2=size=202x102 -frames:v 1 " + format + "'" + folder_ / name + "'"))
      continue;
    auto source = open(folder_ / name);
    ASSERT_TRUE(source) << source.error().text();
    const auto reading = read_all(**source);
    EXPECT_EQ(reading.count(), 1u) << name;
    EXPECT_FALSE(reading.error) << name;
    EXPECT_EQ(reading.frames.at(0).width, 202) << name;
    auto bytes = test::bytes_of(folder_ / name);
    bytes.resize(bytes.size() * 2 / 3);
    test::write_bytes(folder_ / name, bytes);
    EXPECT_TRUE(read_all(folder_ / name).error) << name;
  }
}

// A name is no proof: the bytes decide.
TEST_F(Pictures, WrongExtension) {
  picture("really.png", 20, 20, 128);
  EXPECT_EQ(read_all(folder_ / "really.png").count(), 1u);
}

// Exif orientation 6: the camera was turned, upright is a quarter turn clockwise.
TEST_F(Pictures, ExifOrientation) {
  auto bytes = test::make_jpeg(64, 32, 90);
  const std::vector<std::uint8_t> exif{0xff, 0xe1, 0x00, 0x22, 'E', 'x', 'i', 'f', 0, 0,    'M', 'M',
                                       0,    42,   0,    0,    0,   8,   0,   1,   1, 0x12, 0,   3,
                                       0,    0,    0,    1,    0,   6,   0,   0,   0, 0,    0,   0};
  bytes.insert(bytes.begin() + 2, exif.begin(), exif.end());
  test::write_bytes(folder_ / "turned.jpg", bytes);
  const auto reading = read_all(folder_ / "turned.jpg");
  ASSERT_EQ(reading.count(), 1u);
  EXPECT_EQ(reading.frames[0].width, 32);
  EXPECT_EQ(reading.frames[0].height, 64);
}

}  // namespace
}  // namespace pyro::capture
