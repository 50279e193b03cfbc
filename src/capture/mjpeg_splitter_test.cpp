#include "pyro/capture/mjpeg_splitter.hpp"

#include <gtest/gtest.h>

#include <random>

#include "test_bytes.hpp"
#include "test_clips.hpp"

namespace pyro::capture {
namespace {

// SOI, a segment whose content looks like a start and an end, SOS, entropy data with stuffing and a restart,
// EOI.
Bytes tricky_picture(std::uint8_t tag) {
  return {0xff, 0xd8, 0xff, 0xe0, 0x00, 0x08, 0xff, 0xd8, 0xff, 0xd9, 0x00,
          tag,  0xff, 0xff, 0xdb, 0x00, 0x03, tag,  0xff, 0xda, 0x00, 0x03,
          0x01, 0x11, 0xff, 0x00, 0x22, 0xff, 0xd0, 0x33, 0xff, 0xff, 0xd9};
}

std::vector<Bytes> split(MjpegSplitter& splitter, const Bytes& stream, std::size_t step) {
  std::vector<Bytes> pictures;
  for (std::size_t at = 0; at < stream.size(); at += step) {
    splitter.feed(std::span(stream).subspan(at, std::min(step, stream.size() - at)));
    while (const auto picture = splitter.next()) pictures.emplace_back(picture->begin(), picture->end());
  }
  splitter.end();
  while (const auto picture = splitter.next()) pictures.emplace_back(picture->begin(), picture->end());
  return pictures;
}

TEST(MjpegSplitter, WholePicturesWhateverThePieces) {
  const Bytes stream = tricky_picture(1) + tricky_picture(2) + tricky_picture(3);
  for (std::size_t step = 1; step <= stream.size(); ++step) {
    MjpegSplitter splitter;
    const auto pictures = split(splitter, stream, step);
    ASSERT_EQ(pictures.size(), 3u) << "step " << step;
    for (std::uint8_t i = 0; i < 3; ++i)
      EXPECT_EQ(pictures[i], tricky_picture(static_cast<std::uint8_t>(i + 1)));
    EXPECT_EQ(splitter.abandoned(), 0);
    EXPECT_EQ(splitter.frame_offset(), 2 * tricky_picture(1).size());
  }
}

TEST(MjpegSplitter, SkipsWhatLiesBetween) {
  const std::string header = "--boundary\r\nContent-Type: image/jpeg\r\nContent-Length: 33\r\n\r\n";
  const Bytes between(header.begin(), header.end());
  MjpegSplitter splitter;
  const auto pictures =
      split(splitter, between + tricky_picture(1) + between + tricky_picture(2) + Bytes{0xff}, 7);
  EXPECT_EQ(pictures.size(), 2u);
  EXPECT_EQ(splitter.abandoned(), 0);
}

TEST(MjpegSplitter, ABrokenPictureCostsOnlyItself) {
  Bytes cut = tricky_picture(1);
  const Bytes whole = tricky_picture(2);
  // Cut anywhere after its first segment: in the entropy data, in a marker, in a segment.
  for (std::size_t length = 12; length < cut.size(); ++length) {
    const Bytes stream =
        Bytes(cut.begin(), cut.begin() + static_cast<std::ptrdiff_t>(length)) + whole + whole;
    MjpegSplitter splitter;
    const auto pictures = split(splitter, stream, 5);
    ASSERT_GE(pictures.size(), 2u) << "cut at " << length;
    EXPECT_EQ(pictures.back(), whole);
  }
}

TEST(MjpegSplitter, TellsThatTheLastIsCutOff) {
  Bytes stream = tricky_picture(1) + tricky_picture(2);
  stream.resize(stream.size() - 4);
  MjpegSplitter splitter;
  EXPECT_EQ(split(splitter, stream, 11).size(), 1u);
  EXPECT_EQ(splitter.abandoned(), 1);
}

TEST(MjpegSplitter, RefusesTooLargePicturesAndGoesOn) {
  Bytes large = {0xff, 0xd8, 0xff, 0xda, 0x00, 0x02};
  large.resize(10000, 0x55);
  MjpegSplitter splitter(1000);
  const auto pictures = split(splitter, large + tricky_picture(7), 64);
  ASSERT_EQ(pictures.size(), 1u);
  EXPECT_EQ(pictures[0], tricky_picture(7));
  EXPECT_EQ(splitter.abandoned(), 1);
}

TEST(MjpegSplitter, RandomBytesEndAndStayInBounds) {
  std::mt19937 random(3);
  constexpr std::array<std::uint8_t, 12> likely{0xff, 0xff, 0xff, 0xd8, 0xd8, 0xd9,
                                                0xda, 0xe0, 0x00, 0x00, 0x02, 0x10};
  for (int round = 0; round < 300; ++round) {
    Bytes stream(1 + random() % 20000);
    for (auto& byte : stream) {
      byte = random() % 4 != 0 ? likely[random() % likely.size()] : static_cast<std::uint8_t>(random());
    }
    const std::size_t most = 16 + random() % 4000;
    MjpegSplitter splitter(most);
    for (const Bytes& picture : split(splitter, stream, 1 + random() % 3000)) {
      ASSERT_LE(picture.size(), most);
      ASSERT_GE(picture.size(), 8u);
      ASSERT_TRUE(picture[0] == 0xff && picture[1] == 0xd8);
      ASSERT_EQ(picture.back(), 0xd9);
      ASSERT_EQ(whole_jpeg(picture), picture.size());
    }
  }
}

// Starts nested in segments: each is tried and found wrong. Must take linear time.
TEST(MjpegSplitter, NestedStartsAreNoTrap) {
  Bytes stream;
  while (stream.size() < 4'000'000) stream.insert(stream.end(), {0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff});
  MjpegSplitter splitter;
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(split(splitter, stream, 65536).empty());
  EXPECT_LT(Seconds(std::chrono::steady_clock::now() - begin).count(), 5.0);
}

TEST(WholeJpeg, RealPictures) {
  const Bytes picture = test::make_jpeg(64, 48, 90);
  ASSERT_FALSE(picture.empty());
  EXPECT_EQ(whole_jpeg(picture), picture.size());
  EXPECT_EQ(whole_jpeg(picture + Bytes{1, 2, 3}), picture.size());
  EXPECT_FALSE(whole_jpeg(std::span(picture).first(picture.size() - 2)));
  EXPECT_FALSE(whole_jpeg(Bytes{0} + picture));
  EXPECT_FALSE(whole_jpeg({}));
}

}  // namespace
}  // namespace pyro::capture
