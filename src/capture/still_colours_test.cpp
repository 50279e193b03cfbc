// Frame.rgb of stills against what other decoders give for the same files.
#include "still_colours.hpp"

#include <gtest/gtest.h>
#include <turbojpeg.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <memory>

#include "test_clips.hpp"

extern "C" {
#include <libavutil/sha.h>
}

namespace pyro::capture {
namespace {

using Bytes = std::vector<std::uint8_t>;
using test::TempFolder;

std::string sha256(const Bytes& bytes) {
  const std::unique_ptr<AVSHA, decltype(&av_free)> sha(av_sha_alloc(), av_free);
  av_sha_init(sha.get(), 256);
  av_sha_update(sha.get(), bytes.data(), bytes.size());
  std::array<std::uint8_t, 32> digest{};
  av_sha_final(sha.get(), digest.data());
  std::string text;
  for (const std::uint8_t byte : digest) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

records::Frame first_frame(const std::string& path) {
  auto source = open(path);
  EXPECT_TRUE(source) << source.error().text();
  auto frame = source ? (*source)->next() : std::optional<records::Frame>();
  EXPECT_TRUE(frame && *frame) << path;
  return frame && *frame ? **frame : records::Frame();  // the pixels outlive their source
}

// R, G, B without gaps; empty where the frame has none.
Bytes packed_rgb(const records::Frame& frame) {
  Bytes bytes;
  for (int y = 0; frame.rgb.data != nullptr && y < frame.height; ++y)
    bytes.insert(bytes.end(), frame.rgb.row(y), frame.rgb.row(y) + std::ptrdiff_t{3} * frame.width);
  return bytes;
}

// Slow waves, different in every corner, far from black, white and saturated colours.
Bytes waves(int width, int height) {
  Bytes rgb;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c) {
        rgb.push_back(static_cast<std::uint8_t>(128 + 45 * std::sin(0.11 * x + c) * std::cos(0.07 * y) +
                                                0.2 * x - 0.3 * y));
      }
    }
  }
  return rgb;
}

Bytes jpeg_of(const Bytes& pixels, int width, int height, TJPF format, TJSAMP subsampling, int flags = 0) {
  tjhandle turbo = tjInitCompress();
  unsigned char* out = nullptr;
  unsigned long size = 0;
  EXPECT_EQ(tjCompress2(turbo, pixels.data(), width, 0, height, format, &out, &size, subsampling, 92, flags),
            0);
  Bytes bytes(out, out + size);
  tjFree(out);
  tjDestroy(turbo);
  return bytes;
}

class StillColoursTest : public ::testing::Test {
 protected:
  records::Frame frame_of(const Bytes& bytes, const std::string& name = "a.jpg") {
    test::write_bytes(folder_ / name, bytes);
    return first_frame(folder_ / name);
  }
  TempFolder folder_;
};

// The hashes are of Image.open(path).convert("RGB").tobytes() in Pillow 13.0.0 with libjpeg-turbo 3.2.0.
// OpenCV 5.0.0's imread and djpeg 2.1.5 gave the same bytes.
TEST(SharedPhotos, AreWhatPilAndOpenCvDecode) {
  const char* shared = std::getenv("PYROMETER_SHARED");
  const std::filesystem::path photos =
      std::filesystem::path(shared != nullptr ? shared : PYRO_SOURCE_DIR "/../shared") / "data" / "photos";
  if (!std::filesystem::is_directory(photos)) {
    GTEST_SKIP() << "SKIPPED: no shared photos; set PYROMETER_SHARED to the folder that has data/photos";
  }
  struct Photo {
    const char* name;
    const char* sha256;
  };
  constexpr std::array<Photo, 12> told{{
      {"dlib_2007_007763.jpg", "b16b1ba918182a864e9b9dbd408b748570a5c73097aec7e7c8ebb443c9c53316"},
      {"dlib_2008_001322.jpg", "5e7e4e75bc00f746536f937d3af986b22daf73cba5a3f603482140cd76c5c774"},
      {"dlib_2008_002470.jpg", "7375f998b97ecd7fa0ab0aa5c4caad209a5db3edf0cdc511e941c0d19d1987f7"},
      {"dlib_2008_002506.jpg", "21ea68694d0c66868f6c3fab360465b7d50d028e7ce1a3b9762b59b7dd19748d"},
      {"dlib_2008_007676.jpg", "78cc1da02da6fb050f13aeb2f41c7fbc88f2b983337ee6c7713f61c247b9d894"},
      {"dlib_2009_004587.jpg", "ea962bb57a1b7160bc4384b95515a14e692a5b2c929f1757a1e8d56110223535"},
      {"dlib_dogs.jpg", "594e39d3ecee106f1fce1e21d307e81e6f609ba1e5e3f5b25d81d7559734e246"},
      {"fr_obama-1080p.jpg", "2c2a897cc8354252fc11c1bd80caf54b23413046eb3600da12c0cf6a955c170d"},
      {"fr_two_people.jpg", "eb2eb96fef33a020060fc86b190072ba912471623c3885c7a8cc244a97591549"},
      {"pyfeat_multi_face.jpg", "29cb9efd55c249cf5371c95c0d4ef7d834c5d72bf25c5f025bd589f772c8e4a5"},
      {"pyfeat_no-face.jpg", "57d9a93e3d85285e748b241ae88393634d8f8598f28bafccb856f14a884ddb7f"},
      {"pyfeat_single_face.jpg", "13023f38881c4767be612efdf8f4090d93514f751a3834c5da50a90086fbb8e2"},
  }};
  for (const Photo& photo : told) {
    EXPECT_EQ(sha256(packed_rgb(first_frame(photos / photo.name))), photo.sha256) << photo.name;
  }
}

// djpeg is libjpeg's own program: every subsampling, odd sizes, baseline and progressive.
TEST_F(StillColoursTest, JpegAsDjpegDecodesIt) {
  if (!test::shell("djpeg -version") || !test::shell("cjpeg -version"))
    GTEST_SKIP() << "SKIPPED: djpeg and cjpeg (libjpeg-turbo-progs) are not installed";
  const auto expect_same = [&](const Bytes& jpeg, const std::string& what) {
    const auto rgb = packed_rgb(frame_of(jpeg));
    ASSERT_FALSE(rgb.empty()) << what;
    ASSERT_TRUE(
        test::shell("djpeg -rgb -pnm -outfile '" + folder_ / "a.ppm" + "' '" + folder_ / "a.jpg" + "'"));
    auto theirs = test::bytes_of(folder_ / "a.ppm");
    ASSERT_GT(theirs.size(), rgb.size()) << what;
    theirs.erase(theirs.begin(), theirs.end() - static_cast<std::ptrdiff_t>(rgb.size()));
    EXPECT_TRUE(rgb == theirs) << what;
  };
  for (const TJSAMP subsampling : {TJSAMP_444, TJSAMP_422, TJSAMP_420, TJSAMP_440, TJSAMP_411, TJSAMP_GRAY}) {
    for (const int flags : {0, TJFLAG_PROGRESSIVE}) {
      expect_same(jpeg_of(waves(83, 61), 83, 61, TJPF_RGB, subsampling, flags),
                  "subsampling " + std::to_string(subsampling) + ", flags " + std::to_string(flags));
    }
  }
  // Subsamplings for which TurboJPEG has no name. a.ppm is still what djpeg made.
  std::filesystem::copy_file(folder_ / "a.ppm", folder_ / "in.ppm");
  for (const std::string factors : {"3x1", "4x2"}) {
    ASSERT_TRUE(test::shell("cjpeg -sample " + factors + " -outfile '" + folder_ / "odd.jpg" + "' '" +
                            folder_ / "in.ppm" + "'"));
    expect_same(test::bytes_of(folder_ / "odd.jpg"), "factors " + factors);
  }
}

TEST_F(StillColoursTest, LosslessKindsGiveBackWhatWentIn) {
  NEEDS_FFMPEG();
  constexpr int width = 67;
  constexpr int height = 43;
  const Bytes rgb = waves(width, height);
  test::write_bytes(folder_ / "in.rgb", rgb);
  const std::string raw =
      "-f rawvideo -video_size 67x43 -pixel_format rgb24 -i '" + folder_ / "in.rgb" + "' ";
  struct Case {
    const char* name;
    const char* arguments;
  };
  for (const Case& c :
       {Case{"a.png", "-pix_fmt rgb24"}, Case{"a.bmp", "-pix_fmt bgr24"},
        Case{"alpha.png", "-vf format=rgba,colorchannelmixer=aa=0.5"}, Case{"alpha.bmp", "-pix_fmt bgra"},
        Case{"a.webp", "-c:v libwebp -lossless 1 -pix_fmt bgra"}}) {
    if (std::string(c.name) == "a.webp" && !test::have_encoder("libwebp")) continue;
    ASSERT_TRUE(test::ffmpeg(raw + c.arguments + " '" + folder_ / c.name + "'")) << c.name;
    EXPECT_TRUE(packed_rgb(first_frame(folder_ / c.name)) == rgb) << c.name;
  }
  // 16 bits, whose lower 8 do not repeat the upper: the upper ones count.
  for (const char* format : {"rgb48be", "rgba64be"}) {
    Bytes deep;
    for (std::size_t i = 0; i < rgb.size(); ++i) {
      deep.insert(deep.end(), {rgb[i], static_cast<std::uint8_t>(i * 7)});
      if (format == std::string("rgba64be") && i % 3 == 2) deep.insert(deep.end(), {0x80, 0});
    }
    test::write_bytes(folder_ / "in.deep", deep);
    ASSERT_TRUE(test::ffmpeg("-f rawvideo -video_size 67x43 -pixel_format " + std::string(format) + " -i '" +
                             folder_ / "in.deep" + "' '" + folder_ / "deep.png" + "'"));
    EXPECT_TRUE(packed_rgb(first_frame(folder_ / "deep.png")) == rgb) << format;
  }
}

// A palette of 256 colours written down here, every one of them used; and grey with alpha.
TEST_F(StillColoursTest, PalettesAndGreyWithAlpha) {
  NEEDS_FFMPEG();
  Bytes pixels;
  Bytes palette;  // libav's raw pal8: the palette behind the pixels, 0xAARRGGBB in the machine's order
  Bytes rgb;
  for (int i = 0; i < 256; ++i) {
    const std::array<std::uint8_t, 3> colour{static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(255 - i),
                                             static_cast<std::uint8_t>(i * 7)};
    pixels.push_back(static_cast<std::uint8_t>(i));
    const std::uint32_t word = 0xff000000U | static_cast<std::uint32_t>(colour[0]) << 16 |
                               static_cast<std::uint32_t>(colour[1]) << 8 | colour[2];
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &word, bytes.size());
    palette.insert(palette.end(), bytes.begin(), bytes.end());
    rgb.insert(rgb.end(), colour.begin(), colour.end());
  }
  pixels.insert(pixels.end(), palette.begin(), palette.end());
  test::write_bytes(folder_ / "in.pal8", pixels);
  for (const char* name : {"a.png", "a.bmp"}) {
    ASSERT_TRUE(test::ffmpeg("-f rawvideo -video_size 32x8 -pixel_format pal8 -i '" + folder_ / "in.pal8" +
                             "' '" + folder_ / name + "'"));
    EXPECT_TRUE(packed_rgb(first_frame(folder_ / name)) == rgb) << name;
  }
  Bytes grey_with_alpha;
  Bytes grey;
  for (int i = 0; i < 256; ++i) {
    const auto shade = static_cast<std::uint8_t>(i * 5);
    grey_with_alpha.insert(grey_with_alpha.end(), {shade, static_cast<std::uint8_t>(i)});
    grey.insert(grey.end(), 3, shade);
  }
  test::write_bytes(folder_ / "in.ya8", grey_with_alpha);
  ASSERT_TRUE(test::ffmpeg("-f rawvideo -video_size 32x8 -pixel_format ya8 -i '" + folder_ / "in.ya8" +
                           "' '" + folder_ / "ya8.png" + "'"));
  EXPECT_TRUE(packed_rgb(first_frame(folder_ / "ya8.png")) == grey);
}

TEST_F(StillColoursTest, NullWhereTheExactColoursAreNotKnown) {
  NEEDS_FFMPEG();
  for (const char* name : {"gray.png", "gray16be.png", "monob.png", "rgb555le.bmp", "rgb444le.bmp"}) {
    const std::string format = std::filesystem::path(name).stem();
    ASSERT_TRUE(test::ffmpeg(std::string(test::pattern)
                                 .append("-frames:v 1 -pix_fmt ")
                                 .append(format)
                                 .append(" '")
                                 .append(folder_ / name)
                                 .append("'")))
        << name;
    const auto frame = first_frame(folder_ / name);
    EXPECT_EQ(frame.width, 320) << name;
    EXPECT_EQ(frame.rgb.data, nullptr) << name;
  }
  if (test::have_encoder("libwebp")) {
    ASSERT_TRUE(test::ffmpeg(test::pattern + "-frames:v 1 -c:v libwebp -pix_fmt yuv420p '" +
                             folder_ / "a.webp" + "'"));
    EXPECT_EQ(first_frame(folder_ / "a.webp").rgb.data, nullptr);
  }
}

TEST_F(StillColoursTest, VideosHaveNone) {
  NEEDS_FFMPEG();
  for (const char* name : {"jpeg.avi", "jpeg.mjpeg", "png.mov", "raw.avi"}) {
    const std::string codec = std::string(name).starts_with("png")   ? "-c:v png "
                              : std::string(name).starts_with("raw") ? "-c:v rawvideo -pix_fmt bgr24 "
                                                                     : "-c:v mjpeg ";
    ASSERT_TRUE(test::ffmpeg(std::string(test::pattern)
                                 .append("-frames:v 3 ")
                                 .append(codec)
                                 .append(" '")
                                 .append(folder_ / name)
                                 .append("'")))
        << name;
    EXPECT_EQ(first_frame(folder_ / name).rgb.data, nullptr) << name;
  }
}

// What Exif (JEITA CP-3451, tag 0x0112) says of each value, and the planes turned alike.
TEST_F(StillColoursTest, AllEightExifOrientations) {
  constexpr int width = 70;
  constexpr int height = 45;
  const Bytes plain = jpeg_of(waves(width, height), width, height, TJPF_RGB, TJSAMP_420);
  const auto stored = frame_of(plain);
  ASSERT_NE(stored.rgb.data, nullptr);
  for (std::uint8_t value = 1; value <= 8; ++value) {
    Bytes bytes = plain;
    const Bytes exif{0xff, 0xe1, 0x00, 0x22, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M',   0, 42, 0, 0, 0, 8,
                     0,    1,    1,    0x12, 0,   3,   0,   0,   0, 1, 0,   value, 0, 0,  0, 0, 0, 0};
    bytes.insert(bytes.begin() + 2, exif.begin(), exif.end());
    const auto turned = frame_of(bytes);
    ASSERT_EQ(turned.width, value < 5 ? width : height) << int{value};
    ASSERT_EQ(turned.height, value < 5 ? height : width) << int{value};
    ASSERT_NE(turned.rgb.data, nullptr) << int{value};
    for (int y = 0; y < turned.height; ++y) {
      for (int x = 0; x < turned.width; ++x) {
        const int right = width - 1;
        const int bottom = height - 1;
        const std::array<std::pair<int, int>, 8> at{{{x, y},
                                                     {right - x, y},
                                                     {right - x, bottom - y},
                                                     {x, bottom - y},
                                                     {y, x},
                                                     {y, bottom - x},
                                                     {right - y, bottom - x},
                                                     {right - y, x}}};
        const auto [p, q] = at[value - 1U];
        const std::uint8_t* pixel = turned.rgb.row(y) + std::ptrdiff_t{3} * x;
        const std::uint8_t* from = stored.rgb.row(q) + std::ptrdiff_t{3} * p;
        ASSERT_TRUE(std::equal(pixel, pixel + 3, from)) << int{value} << " at " << x << ',' << y;
        ASSERT_NEAR(0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2], turned.y.row(y)[x], 2.5)
            << int{value} << " at " << x << ',' << y;
      }
    }
  }
}

TEST_F(StillColoursTest, CmykAndDamagedJpegsHaveNone) {
  const Bytes cmyk(std::size_t{4} * 64 * 48, 90);
  const auto four = frame_of(jpeg_of(cmyk, 64, 48, TJPF_CMYK, TJSAMP_444), "cmyk.jpg");
  EXPECT_EQ(four.width, 64);
  EXPECT_EQ(four.rgb.data, nullptr);
  // The scan ends in its middle, and the end's marker follows as if nothing were missing.
  Bytes torn = jpeg_of(waves(200, 160), 200, 160, TJPF_RGB, TJSAMP_420);
  EXPECT_NE(frame_of(torn, "whole.jpg").rgb.data, nullptr);
  torn.resize(torn.size() / 2);
  test::write_bytes(folder_ / "cut.jpg", torn);
  const auto cut = test::read_all(folder_ / "cut.jpg");
  ASSERT_TRUE(cut.error);
  for (const auto& frame : cut.frames) EXPECT_EQ(frame.rgb.data, nullptr);
  torn.insert(torn.end(), {0xff, 0xd9});
  const auto half = frame_of(torn, "torn.jpg");
  EXPECT_EQ(half.height, 160);
  EXPECT_EQ(half.rgb.data, nullptr);
}

// A header that declares 65500 x 65500: refused before anybody takes memory for it.
TEST_F(StillColoursTest, HugeJpegsAreRefused) {
  Bytes bytes = jpeg_of(waves(32, 32), 32, 32, TJPF_RGB, TJSAMP_420);
  const Bytes frame_header{0xff, 0xc0, 0x00, 0x11, 0x08};
  const auto at = std::search(bytes.begin(), bytes.end(), frame_header.begin(), frame_header.end());
  ASSERT_NE(at, bytes.end());
  std::fill(at + 5, at + 9, std::uint8_t{0xff});
  at[6] = at[8] = 0xdc;
  test::write_bytes(folder_ / "huge.jpg", bytes);
  const auto source = open(folder_ / "huge.jpg");
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code, ErrorCode::bad_input);
}

}  // namespace
}  // namespace pyro::capture
