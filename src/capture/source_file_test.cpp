// Real and generated files against what FFmpeg itself says of them.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <sstream>

#include "test_clips.hpp"

namespace pyro::capture {
namespace {

using test::read_all;
using test::TempFolder;

std::filesystem::path shared_videos() {
  const char* shared = std::getenv("PYROMETER_SHARED");
  const std::filesystem::path base = shared != nullptr ? shared : PYRO_SOURCE_DIR "/../shared";
  return base / "data" / "videos";
}

// Presentation times of all frames that ffprobe decodes, in seconds from the first on.
std::vector<double> times_by_ffprobe(const std::string& path) {
  std::istringstream lines(
      test::output_of("ffprobe -v quiet -select_streams v:0 -show_entries "
                      "frame=best_effort_timestamp_time -of default=nk=1:nw=1 '" +
                      path + "'"));
  std::vector<double> times;
  for (std::string line; std::getline(lines, line);) {
    char* end = nullptr;
    const double time = std::strtod(line.c_str(), &end);
    if (end != line.c_str()) times.push_back(time);  // else a line of side data
  }
  for (std::size_t i = times.size(); i-- > 0;) times[i] -= times[0];
  return times;
}

void expect_times(const std::string& path, const std::vector<records::Frame>& frames) {
  const auto told = times_by_ffprobe(path);
  ASSERT_EQ(frames.size(), told.size()) << path;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    ASSERT_EQ(frames[i].index, static_cast<std::int64_t>(i));
    ASSERT_NEAR(frames[i].time.count(), told[i], 2e-6)
        << path << " frame " << i;  // ffprobe prints microseconds
  }
}

TEST(SharedClips, EveryFrameAtItsTime) {
  if (!std::filesystem::is_directory(shared_videos())) {
    GTEST_SKIP() << "SKIPPED: no shared clips; set PYROMETER_SHARED to the folder that has data/videos";
  }
  NEEDS_FFMPEG();
  int clips = 0;
  for (const auto& entry : std::filesystem::directory_iterator(shared_videos())) {
    const auto& path = entry.path();
    if (path.extension() != ".mp4" && path.extension() != ".mov" && path.extension() != ".avi") continue;
    const auto reading = read_all(path.string());
    EXPECT_FALSE(reading.error) << reading.error->text();
    expect_times(path.string(), reading.frames);
    ++clips;
  }
  EXPECT_EQ(clips, 16);
}

class Generated : public ::testing::Test {
 protected:
  void SetUp() override { NEEDS_FFMPEG(); }
  std::string make(const std::string& name, const std::string& arguments) {
    const std::string path = folder_ / name;
    EXPECT_TRUE(test::ffmpeg(arguments + " '" + path + "'")) << arguments;
    return path;
  }
  // ffmpeg's own picture of the same file, rotation applied.
  std::vector<std::uint8_t> by_ffmpeg(const std::string& path, const std::string& format) {
    const std::string raw = folder_ / "by_ffmpeg.raw";
    EXPECT_TRUE(test::ffmpeg("-i '" + path + "' -fps_mode passthrough -f rawvideo -pix_fmt " + format + " '" +
                             raw + "'"));
    return test::bytes_of(raw);
  }
  TempFolder folder_;
};

TEST_F(Generated, VariableFrameRate) {
  const auto clip =
      make("vfr.mkv", test::pattern +
                          "-vf \"setpts='if(lt(N,20),N,20+(N-20)*2.5+0.3*mod(N,3))/25/TB'\" -fps_mode vfr "
                          "-c:v mpeg4");
  const auto reading = read_all(clip);
  ASSERT_FALSE(reading.error) << reading.error->text();
  EXPECT_EQ(reading.count(), 50u);
  expect_times(clip, reading.frames);
}

TEST_F(Generated, ManyContainersGiveWhatFfmpegShows) {
  for (const char* name :
       {"a.mp4", "a.mov", "a.mkv", "a.avi", "a.ts", "a.flv", "a.webm", "a.gif", "a.mjpeg", "a.mpg"}) {
    const std::string codec = std::string(name).ends_with("webm") ? "-c:v libvpx -deadline realtime " : "";
    const auto clip = make(name, test::pattern + codec);
    const auto reading = read_all(clip);
    EXPECT_FALSE(reading.error) << name << ": " << reading.error->text();
    EXPECT_EQ(static_cast<long>(reading.count()), test::frames_by_ffprobe(clip)) << name;
    EXPECT_EQ(reading.frames.at(0).width, 320) << name;
  }
}

TEST_F(Generated, RotationIsUndoneAsFfmpegDoes) {
  const auto plain = make("plain.mp4", test::pattern + "-frames:v 5 -c:v mpeg4");
  for (const char* angle : {"90", "180", "270"}) {
    const auto turned =
        make(std::string("r") + angle + ".mp4", "-i '" + plain + "' -c copy -metadata:s:v:0 rotate=" + angle);
    auto source = open(turned);
    ASSERT_TRUE(source) << source.error().text();
    EXPECT_EQ((*source)->info().width, std::string(angle) == "180" ? 320 : 240);
    EXPECT_TRUE(test::all_pixels(turned) == by_ffmpeg(turned, "yuv420p")) << angle;
    EXPECT_FALSE(test::all_pixels(turned) == test::all_pixels(plain)) << angle;
  }
}

TEST_F(Generated, PlanarYuvIsPassedOnUntouched) {
  for (const char* format : {"yuv420p", "yuv422p", "yuv444p", "yuv440p", "yuv411p", "gray"}) {
    const auto clip =
        make(std::string(format) + ".mkv", test::pattern + "-frames:v 2 -c:v ffv1 -pix_fmt " + format);
    EXPECT_TRUE(test::all_pixels(clip) == by_ffmpeg(clip, format)) << format;
  }
}

TEST_F(Generated, OtherFormatsAreConverted) {
  struct Case {
    const char* format;
    int shift_x, shift_y;
    bool full_range;
  };
  for (const Case& c :
       {Case{"nv12", 1, 1, false}, Case{"yuyv422", 1, 0, false}, Case{"rgb24", 0, 0, true},
        Case{"bgr0", 0, 0, true}, Case{"yuv444p10le", 0, 0, false}, Case{"yuv422p10le", 1, 0, false}}) {
    const auto clip = make(std::string(c.format) + ".nut",
                           test::pattern + "-frames:v 1 -c:v rawvideo -pix_fmt " + c.format);
    auto source = open(clip);
    ASSERT_TRUE(source) << c.format << source.error().text();
    auto frame = (*source)->next();
    ASSERT_TRUE(frame && *frame) << c.format;
    const records::Frame& f = **frame;
    EXPECT_EQ(f.chroma_shift_x, c.shift_x) << c.format;
    EXPECT_EQ(f.chroma_shift_y, c.shift_y) << c.format;
    EXPECT_EQ(f.full_range, c.full_range) << c.format;
    // Against the 8-bit planes of ffmpeg: within the rounding of its dither.
    std::vector<std::uint8_t> ours;
    test::append_packed(f, ours);
    const std::string planar = c.shift_x == 0   ? (c.full_range ? "yuvj444p" : "yuv444p")
                               : c.shift_y == 0 ? "yuv422p"
                                                : "yuv420p";
    const auto theirs = by_ffmpeg(clip, planar);
    ASSERT_EQ(ours.size(), theirs.size()) << c.format;
    double sum = 0;
    for (std::size_t i = 0; i < ours.size(); ++i) sum += std::abs(ours[i] - theirs[i]);
    EXPECT_LT(sum / static_cast<double>(ours.size()), 0.6) << c.format;
  }
}

// Ten bits to eight: the code value rounded, whatever the transfer curve.
void expect_rounded_luma(const std::string& clip, const std::vector<std::uint8_t>& ten_bits) {
  auto source = open(clip);
  ASSERT_TRUE(source) << source.error().text();
  auto frame = (*source)->next();
  ASSERT_TRUE(frame && *frame);
  const records::Frame& f = **frame;
  EXPECT_EQ(f.matrix, records::ColourMatrix::bt2020);
  EXPECT_FALSE(f.full_range);
  std::size_t at = 0;
  for (int y = 0; y < f.height; ++y) {
    for (int x = 0; x < f.width; ++x, at += 2) {
      const int code = ten_bits[at] | ten_bits[at + 1] << 8;
      ASSERT_NEAR(f.y.row(y)[x], code / 4.0, 1.0) << x << ',' << y;
    }
  }
}

TEST_F(Generated, TenBitHdr) {
  const std::string hdr =
      "-frames:v 3 -pix_fmt yuv420p10le -color_trc smpte2084 -colorspace bt2020nc -color_primaries bt2020 ";
  int made = 0;
  if (test::have_encoder("libx265")) {
    const auto clip = make("hevc.mp4", test::pattern + "-c:v libx265 -x265-params log-level=error " + hdr);
    expect_rounded_luma(clip, by_ffmpeg(clip, "yuv420p10le"));
    ++made;
  }
  if (test::have_encoder("libvpx-vp9")) {
    const auto clip =
        make("vp9.mkv", test::pattern + "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -profile:v 2 " + hdr);
    expect_rounded_luma(clip, by_ffmpeg(clip, "yuv420p10le"));
    ++made;
  }
  if (made == 0) GTEST_SKIP() << "SKIPPED: ffmpeg has neither libx265 nor libvpx-vp9";
}

TEST_F(Generated, ColourTagsAreKept) {
  const auto bt709 = make(
      "bt709.mp4",
      test::pattern + "-frames:v 1 -c:v mpeg4 -colorspace bt709 -color_primaries bt709 -color_trc bt709");
  EXPECT_EQ(read_all(bt709).frames.at(0).matrix, records::ColourMatrix::bt709);
  const auto untagged = make("untagged.avi", test::pattern + "-frames:v 1 -c:v mpeg4");
  EXPECT_EQ(read_all(untagged).frames.at(0).matrix, records::ColourMatrix::bt601);
  EXPECT_FALSE(read_all(untagged).frames.at(0).full_range);
  const auto jpeg = make("full.avi", test::pattern + "-frames:v 1 -c:v mjpeg");
  EXPECT_TRUE(read_all(jpeg).frames.at(0).full_range);
}

TEST_F(Generated, SmallestAndLargePictures) {
  const auto one = make("1x1.mkv",
                        "-f lavfi -i color=red:size=16x16:rate=25:duration=0.2 -vf crop=1:1:0:0:exact=1 -c:v "
                        "ffv1 -pix_fmt yuv444p");
  const auto tiny = read_all(one);
  ASSERT_FALSE(tiny.error) << tiny.error->text();
  ASSERT_EQ(tiny.count(), 5u);
  EXPECT_EQ(tiny.frames[0].width, 1);
  EXPECT_EQ(tiny.frames[0].height, 1);
  const auto large = make("8k.mkv", "-f lavfi -i color=gray:size=7680x4320:rate=25 -frames:v 1 -c:v mjpeg");
  const auto big = read_all(large);
  ASSERT_FALSE(big.error) << big.error->text();
  ASSERT_EQ(big.count(), 1u);
  EXPECT_EQ(big.frames[0].width, 7680);
}

TEST_F(Generated, NamesThatLookLikeProtocols) {
  const auto clip = make("plain.mp4", test::pattern + "-frames:v 2 -c:v mpeg4");
  for (const char* name : {"pipe:1.mp4", "100%d.mp4", "with space 'and quote.mp4", "-x.mp4"}) {
    std::filesystem::copy_file(clip, folder_ / name);
    EXPECT_EQ(read_all(folder_ / name).count(), 2u) << name;
    EXPECT_EQ(read_all("file://" + folder_ / name).count(), 2u) << name;
  }
}

TEST_F(Generated, CreationTimeMakesTheWallClock) {
  const auto clip =
      make("dated.mp4", test::pattern + "-c:v mpeg4 -metadata creation_time=2024-03-01T10:00:00Z");
  const auto reading = read_all(clip);
  EXPECT_EQ(utc_text(reading.frames.at(1).utc), "2024-03-01T10:00:00.040000Z");
  const auto undated = read_all(make("undated.avi", test::pattern + "-c:v mpeg4"));
  const Seconds age = std::chrono::system_clock::now() - undated.frames.at(0).utc;
  EXPECT_LT(std::abs(age.count()), 60);
  EXPECT_EQ(undated.frames.at(25).utc - undated.frames.at(0).utc, std::chrono::seconds(1));
}

TEST_F(Generated, LoopGoesOnWithItsTimes) {
  const auto clip = make("short.mp4", test::pattern + "-frames:v 4 -c:v mpeg4");
  SourceOptions options;
  options.loop = true;
  auto source = open(clip, options);
  ASSERT_TRUE(source);
  for (int i = 0; i < 14; ++i) {
    auto frame = (*source)->next();
    ASSERT_TRUE(frame && *frame);
    EXPECT_EQ((*frame)->index, i);
    EXPECT_NEAR((*frame)->time.count(), i / 25.0, 1e-6);
  }
  (*source)->interrupt();
  auto end = (*source)->next();
  ASSERT_TRUE(end);
  EXPECT_FALSE(*end);
}

// One flag, as a signal handler has it, for all sources of a run: one that is interrupted says nothing of the
// others, and the flag ends them all.
TEST_F(Generated, TheCallersFlagServesManySources) {
  const auto clip = make("many.mp4", test::pattern + "-frames:v 5 -c:v mpeg4");
  const auto flag = std::make_shared<std::atomic<bool>>(false);
  SourceOptions options;
  options.stop = flag;
  for (int i = 0; i < 2; ++i) {
    auto source = open(clip, options);
    ASSERT_TRUE(source) << source.error().text();
    EXPECT_EQ(read_all(**source).count(), 5u);
    (*source)->interrupt();
    EXPECT_FALSE(flag->load());
  }
  auto last = open(clip, options);
  ASSERT_TRUE(last);
  flag->store(true);
  auto end = (*last)->next();
  ASSERT_TRUE(end);
  EXPECT_FALSE(*end);
  EXPECT_FALSE(open(clip, options));
}

TEST_F(Generated, RealtimePlaysAtItsPace) {
  const auto clip = make("paced.mp4", test::pattern + "-frames:v 11 -c:v mpeg4");
  SourceOptions options;
  options.realtime = true;
  auto source = open(clip, options);
  ASSERT_TRUE(source);
  EXPECT_TRUE((*source)->info().live);
  const auto begin = std::chrono::steady_clock::now();
  const auto reading = read_all(**source);
  EXPECT_EQ(reading.count(), 11u);
  EXPECT_GE(Seconds(std::chrono::steady_clock::now() - begin).count(), 0.39);
  EXPECT_GE(Seconds(reading.frames[10].utc - reading.frames[0].utc).count(), 0.39);
}

TEST_F(Generated, FrameThreadsGiveTheSameFrames) {
  const auto clip = make("threads.mp4", test::pattern + "-c:v libx264 -pix_fmt yuv420p");
  SourceOptions options;
  options.decode_threads = 3;
  const auto reading = read_all(clip, options);
  ASSERT_FALSE(reading.error);
  EXPECT_EQ(reading.count(), 50u);
  expect_times(clip, reading.frames);
}

}  // namespace
}  // namespace pyro::capture
