// What is missing, broken or of the wrong kind: one line that names the input, and no frame lost before the
// damage.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <random>

#include "test_clips.hpp"

namespace pyro::capture {
namespace {

using test::read_all;
using test::TempFolder;

void expect_refused(const std::string& input, const std::string& part,
                    ErrorCode code = ErrorCode::bad_input) {
  auto source = open(input);
  ASSERT_FALSE(source) << input;
  const Error& error = source.error();
  EXPECT_EQ(error.code, code) << error.text();
  EXPECT_NE(error.message.find(part), std::string::npos) << error.text();
  EXPECT_EQ(error.text().find('\n'), std::string::npos) << error.text();
  if (!input.empty() && input.find('@') == std::string::npos) {
    EXPECT_NE(error.message.find(input), std::string::npos) << error.text();
  }
}

TEST(BadInput, NothingThere) {
  const TempFolder folder;
  expect_refused(folder / "nothing.mp4", "There is no file");
  expect_refused("", "empty name", ErrorCode::wrong_use);
  expect_refused("camera:front", "camera:0", ErrorCode::wrong_use);
  expect_refused("foo://host/path", "no known scheme");
  expect_refused("/dev/video987", "no camera");
  std::filesystem::create_directory(folder / "empty");
  expect_refused(folder / "empty", "no pictures");
}

TEST(BadInput, NotAVideo) {
  const TempFolder folder;
  test::write_bytes(folder / "empty.mp4", {});
  expect_refused(folder / "empty.mp4", "0 bytes");
  const std::string text = "BM this is a text, and no more than that\n";
  test::write_bytes(folder / "notes.txt", {text.begin(), text.end()});
  expect_refused(folder / "notes.txt", "not a video");
  test::write_bytes(folder / "notes.mp4", {text.begin(), text.end()});
  expect_refused(folder / "notes.mp4", "not a video");
  std::mt19937 random(5);
  std::vector<std::uint8_t> noise(60000);
  for (auto& byte : noise) byte = static_cast<std::uint8_t>(random());
  test::write_bytes(folder / "noise.avi", noise);
  const auto reading = read_all(folder / "noise.avi");
  ASSERT_TRUE(reading.error);
  EXPECT_EQ(reading.error->code, ErrorCode::bad_input);
  std::filesystem::create_directory(folder / "texts");
  test::write_bytes(folder / "texts/notes.jpg", {text.begin(), text.end()});
  expect_refused(folder / "texts", "no pictures");
}

// For a while nobody in particular, if we are root, who may read everything.
class Unprivileged {
 public:
  Unprivileged() : was_root_(::geteuid() == 0) { done_ = !was_root_ || ::setresuid(65534, 65534, 0) == 0; }
  ~Unprivileged() {
    if (was_root_ && ::setresuid(0, 0, 0) != 0) std::abort();
  }
  Unprivileged(const Unprivileged&) = delete;
  Unprivileged& operator=(const Unprivileged&) = delete;
  [[nodiscard]] bool done() const { return done_; }

 private:
  bool was_root_;
  bool done_;
};

TEST(BadInput, NoPermission) {
  const TempFolder folder;
  ASSERT_EQ(::chmod(folder.path().c_str(), 0755), 0);
  test::write_bytes(folder / "locked.mp4", {1, 2, 3});
  ASSERT_EQ(::chmod((folder / "locked.mp4").c_str(), 0), 0);
  std::filesystem::create_directory(folder / "room");
  test::write_bytes(folder / "room/a.mp4", {1, 2, 3});
  ASSERT_EQ(::chmod((folder / "room").c_str(), 0), 0);
  {
    const Unprivileged nobody;
    if (!nobody.done()) GTEST_SKIP() << "SKIPPED: root here cannot give up its rights";
    expect_refused(folder / "locked.mp4", "No right to read");
    expect_refused(folder / "room/a.mp4", "No right to read");
    expect_refused(folder / "room", "No right to read");
  }
  ASSERT_EQ(::chmod((folder / "room").c_str(), 0755), 0);
}

TEST(BadInput, SoundOnly) {
  NEEDS_FFMPEG();
  const TempFolder folder;
  ASSERT_TRUE(test::ffmpeg("-f lavfi -i sine=duration=1 '" + folder / "sound.wav" + "'"));
  expect_refused(folder / "sound.wav", "sound but no video");
  // With a cover picture, too.
  test::write_bytes(folder / "cover.jpg", test::make_jpeg(64, 64, 100));
  if (!test::ffmpeg("-i '" + folder / "sound.wav" + "' -i '" + folder / "cover.jpg" +
                    "' -map 0 -map 1 -c:v copy -disposition:v attached_pic '" + folder / "song.mp3" + "'")) {
    GTEST_SKIP() << "SKIPPED: no mp3 encoder";
  }
  expect_refused(folder / "song.mp3", "sound but no video");
}

TEST(BadInput, PasswordsStayHidden) {
  for (const char* address : {"http://me:secret@127.0.0.1:1/x", "http://me:se@cret@127.0.0.1:1/x"}) {
    auto source = open(address);
    ASSERT_FALSE(source);
    EXPECT_EQ(source.error().text().find("cret@"), std::string::npos) << source.error().text();
    EXPECT_NE(source.error().message.find("http://me:***@127.0.0.1:1/x"), std::string::npos)
        << source.error().text();
  }
}

class Damaged : public ::testing::Test {
 protected:
  void SetUp() override { NEEDS_FFMPEG(); }
  std::vector<std::uint8_t> clip(const std::string& name, const std::string& arguments) {
    EXPECT_TRUE(test::ffmpeg(test::pattern + arguments + " '" + folder_ / name + "'"));
    return test::bytes_of(folder_ / name);
  }
  // What FFmpeg shows comes, then an error that names the file.
  void expect_damage(const std::string& name, std::size_t at_least, std::size_t at_most) {
    const std::string path = folder_ / name;
    auto source = open(path);
    ASSERT_TRUE(source) << source.error().text();
    const auto reading = read_all(**source);
    ASSERT_TRUE(reading.error) << name << ": " << reading.count() << " frames and no error";
    EXPECT_EQ(reading.error->code, ErrorCode::bad_input);
    EXPECT_NE(reading.error->message.find(path), std::string::npos) << reading.error->text();
    EXPECT_EQ(static_cast<long>(reading.count()), test::frames_by_ffprobe(path)) << reading.error->text();
    EXPECT_GE(reading.count(), at_least) << reading.error->text();
    EXPECT_LE(reading.count(), at_most) << reading.error->text();
    for (std::size_t i = 1; i < reading.count(); ++i)
      ASSERT_GT(reading.frames[i].time, reading.frames[i - 1].time);
    auto again = (*source)->next();
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().message, reading.error->message);
  }
  TempFolder folder_;
};

TEST_F(Damaged, TruncatedFiles) {
  struct Case {
    const char* name;
    const char* arguments;
  };
  // Intra-only or nearly so, so that bytes and frames go together.
  for (const Case& c : {Case{"t.mp4", "-c:v mpeg4 -g 1 -movflags +faststart"},
                        Case{"t.mov", "-c:v mjpeg -movflags +faststart"}, Case{"t.mkv", "-c:v mpeg4 -g 1"},
                        Case{"t.avi", "-c:v mpeg4 -g 1"},
                        Case{"f.mp4", "-c:v mpeg4 -g 10 -movflags frag_keyframe+empty_moov"}}) {
    auto bytes = clip(c.name, c.arguments);
    EXPECT_EQ(read_all(folder_ / c.name).count(), 50u);
    EXPECT_FALSE(read_all(folder_ / c.name).error) << c.name;
    bytes.resize(bytes.size() * 6 / 10);
    test::write_bytes(folder_ / c.name, bytes);
    expect_damage(c.name, 20, 40);
  }
}

TEST_F(Damaged, Mp4WithoutItsIndex) {
  auto bytes = clip("noindex.mp4", "-c:v mpeg4");
  bytes.resize(bytes.size() / 2);
  test::write_bytes(folder_ / "noindex.mp4", bytes);
  expect_refused(folder_ / "noindex.mp4", "header is damaged");
}

TEST_F(Damaged, BytesOverwrittenInTheMiddle) {
  std::mt19937 random(7);
  for (const char* name : {"c.mp4", "c.mkv", "c.avi"}) {
    auto bytes = clip(name, "-c:v mpeg4 -g 12");
    for (std::size_t i = bytes.size() / 2; i < bytes.size() / 2 + 800; ++i)
      bytes[i] = static_cast<std::uint8_t>(random());
    test::write_bytes(folder_ / name, bytes);
    expect_damage(name, 20, 50);
  }
}

TEST_F(Damaged, AStreamCutOutOfTheMiddleIsNoDamageAtItsStart) {
  NEEDS_ENCODER("libx264");
  auto bytes = clip("whole.ts", "-c:v libx264 -pix_fmt yuv420p -g 10");
  constexpr std::size_t packet = 188;
  bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / packet / 3 * packet));
  test::write_bytes(folder_ / "cut.ts", bytes);
  const auto reading = read_all(folder_ / "cut.ts");
  EXPECT_FALSE(reading.error) << reading.error->text();
  EXPECT_GE(reading.count(), 15u);
  EXPECT_EQ(static_cast<long>(reading.count()), test::frames_by_ffprobe(folder_ / "cut.ts"));
}

}  // namespace
}  // namespace pyro::capture
