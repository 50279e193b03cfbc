// Encoded streams as browsers and devices send them, put in at the feed piece by piece.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "pyro/capture/picture_stream.hpp"
#include "test_clips.hpp"
#include "unit_decoder.hpp"

namespace pyro::capture {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes encoded(const std::string& words, const std::string& name) {
  const test::TempFolder folder;
  EXPECT_TRUE(test::ffmpeg(test::pattern + words + " " + folder / name));
  return test::bytes_of(folder / name);
}

// One access unit each: they begin with a delimiter.
std::vector<Bytes> h264_units() {
  const Bytes all = encoded(
      "-c:v libx264 -pix_fmt yuv420p -tune zerolatency -preset ultrafast -x264-params "
      "aud=1:keyint=10:scenecut=0",
      "clip.h264");
  constexpr std::array<std::uint8_t, 5> delimiter{0, 0, 0, 1, 9};
  std::vector<Bytes> units;
  for (auto at = all.begin(); at != all.end();) {
    const auto end = std::search(at + 1, all.end(), delimiter.begin(), delimiter.end());
    units.emplace_back(at, end);
    at = end;
  }
  return units;
}

std::vector<Bytes> pieces_of(const Bytes& all, std::size_t size) {
  std::vector<Bytes> out;
  for (std::size_t at = 0; at < all.size(); at += size)
    out.emplace_back(all.begin() + static_cast<std::ptrdiff_t>(at),
                     all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), at + size)));
  return out;
}

struct Heard {
  std::vector<std::int64_t> broken;
  std::vector<records::Frame> frames;
  std::size_t let_go = 0;
};
// All are put in, then read.
Heard read_pieces(Coding coding, const std::vector<Bytes>& pieces, PictureFeed::Limits limits = {}) {
  Heard heard;
  PictureFeed feed{limits, [&](std::int64_t index, Coding, const Error&) { heard.broken.push_back(index); }};
  const auto source = feed.source("test");
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const auto number = static_cast<std::int64_t>(i);
    heard.let_go += feed.offer({pieces[i], number, Seconds{0.04 * static_cast<double>(i)}, {}, coding});
  }
  feed.end();
  for (auto frame = source->next(); frame && *frame; frame = source->next()) heard.frames.push_back(**frame);
  return heard;
}

TEST(UnitDecoder, EachUnitGivesItsPictureAndABrokenOneNoneUntilTheNextKey) {
  NEEDS_ENCODER("libx264");
  std::vector<Bytes> units = h264_units();
  ASSERT_EQ(units.size(), 50U);
  EXPECT_TRUE(stands_alone(Coding::h264, units[0]));
  EXPECT_FALSE(stands_alone(Coding::h264, units[1]));
  EXPECT_TRUE(stands_alone(Coding::h264, units[10]));
  std::fill(units[13].begin() + 8, units[13].end(), std::uint8_t{0xff});
  UnitDecoder decoder{Coding::h264, 4096 * 4096};
  const AvPtr<AVFrame> frame{av_frame_alloc()};
  std::vector<std::int64_t> seen, broken;
  for (std::size_t i = 5; i < units.size(); ++i) {
    const auto there = decoder.decode(units[i], static_cast<std::int64_t>(i), *frame);
    if (!there) broken.push_back(static_cast<std::int64_t>(i));
    if (there && *there) {
      EXPECT_EQ(frame->pts, static_cast<std::int64_t>(i));
      EXPECT_EQ(frame->width, 320);
      seen.push_back(frame->pts);
    }
    av_frame_unref(frame.get());
  }
  EXPECT_EQ(broken, std::vector<std::int64_t>{13});
  std::vector<std::int64_t> wanted{10, 11, 12};
  for (std::int64_t i = 20; i < 50; ++i) wanted.push_back(i);
  EXPECT_EQ(seen, wanted) << "nothing before the first key, nothing that needs what was broken";
}

TEST(UnitDecoder, LargePicturesAreRefused) {
  // A key frame of 16383 x 16383 (RFC 6386, 9.1).
  Bytes bomb{0x10, 0, 0, 0x9d, 0x01, 0x2a, 0xff, 0x3f, 0xff, 0x3f};
  bomb.resize(200);
  UnitDecoder decoder{Coding::vp8, 4096 * 4096};
  const AvPtr<AVFrame> frame{av_frame_alloc()};
  EXPECT_FALSE(decoder.decode(bomb, 0, *frame));
  UnitDecoder other{Coding::h264, 4096 * 4096};
  EXPECT_FALSE(other.decode(Bytes(50, 7), 0, *frame)) << "no start code";
}

TEST(EncodedStream, OfUnitsThatWaitTheNewestIsGiven) {
  NEEDS_ENCODER("libx264");
  const Heard heard = read_pieces(Coding::h264, h264_units());
  ASSERT_EQ(heard.frames.size(), 1U);
  EXPECT_EQ(heard.frames[0].index, 49);
  EXPECT_TRUE(heard.broken.empty());
}

TEST(EncodedStream, AFileGivesItsPicturesInOrderWithItsOwnTimes) {
  NEEDS_ENCODER("libvpx");
  for (const auto& [coding, words, name] :
       {std::tuple{Coding::webm, "-c:v libvpx -deadline realtime -b:v 500k", "clip.webm"},
        std::tuple{Coding::mp4,
                   "-c:v libx264 -pix_fmt yuv420p -tune zerolatency -g 10 -movflags "
                   "frag_keyframe+empty_moov+default_base_moof",
                   "clip.mp4"}}) {
    const Bytes all = encoded(words, name);
    // In one piece nothing waits behind what is decoded, so that each picture is given.
    const Heard heard = read_pieces(coding, {all});
    ASSERT_EQ(heard.frames.size(), 50U) << name;
    EXPECT_TRUE(heard.broken.empty()) << name;
    for (std::size_t i = 0; i < heard.frames.size(); ++i) {
      EXPECT_EQ(heard.frames[i].index, static_cast<std::int64_t>(i));
      EXPECT_NEAR(heard.frames[i].time.count(), 0.04 * static_cast<double>(i), 0.002);
    }
    const Heard cut = read_pieces(coding, pieces_of(all, 5000));
    ASSERT_FALSE(cut.frames.empty()) << name;
    EXPECT_TRUE(cut.broken.empty()) << name;
    EXPECT_NEAR(cut.frames.back().time.count(), 1.96, 0.002) << name;
  }
}

TEST(EncodedStream, APieceThatBeginsNothingIsToldAndTheNextBeginningCounts) {
  NEEDS_ENCODER("libvpx");
  const Bytes all = encoded("-c:v libvpx -deadline realtime -b:v 500k", "clip.webm");
  const Heard heard =
      read_pieces(Coding::webm, {Bytes(100, 7), Bytes(all.begin() + 2000, all.begin() + 4000), all});
  EXPECT_EQ(heard.broken, (std::vector<std::int64_t>{0, 1}));
  EXPECT_EQ(heard.frames.size(), 50U);
}

TEST(EncodedStream, WhatWaitsIsBounded) {
  NEEDS_ENCODER("libx264");
  PictureFeed::Limits limits;
  limits.encoded_bytes = 60'000;
  const std::vector<Bytes> units = h264_units();
  std::size_t bytes = 0;
  for (const Bytes& one : units) bytes += one.size();
  ASSERT_GT(bytes, 2 * limits.encoded_bytes);
  const Heard heard = read_pieces(Coding::h264, units, limits);
  EXPECT_GT(heard.let_go, 0U);
  EXPECT_FALSE(heard.broken.empty()) << "the sender is told that pieces are lost";
  EXPECT_LE(heard.frames.size(), 1U);
}

}  // namespace
}  // namespace pyro::capture
