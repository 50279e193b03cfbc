// What comes from outside, and what is let in.
#include "pyro/jobs/unpack.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "pyro/jobs/media.hpp"

namespace pyro::jobs {
namespace {

namespace fs = std::filesystem;
using namespace std::string_literals;

const std::string kJpeg = "\xff\xd8\xff\xe0 a picture"s, kMp4 =
                                                             "\0\0\0\x18"
                                                             "ftypisom a video"s;

class AnArchive : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "pyro-unpack-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  void TearDown() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  struct Part {
    std::string name, bytes;
    unsigned type = AE_IFREG;
  };
  void pack(const std::vector<Part>& parts, bool zip = true) {
    struct ::archive* to = archive_write_new();
    if (zip) {
      archive_write_set_format_zip(to);
    } else {
      archive_write_set_format_pax_restricted(to);
    }
    archive_write_open_filename(to, (folder_ / "packed").c_str());
    for (const Part& part : parts) {
      archive_entry* entry = archive_entry_new();
      archive_entry_set_pathname(entry, part.name.c_str());
      archive_entry_set_filetype(entry, part.type);
      archive_entry_set_perm(entry, 0644);
      if (part.type == AE_IFLNK) archive_entry_set_symlink(entry, part.bytes.c_str());
      archive_entry_set_size(entry, part.type == AE_IFREG ? static_cast<la_int64_t>(part.bytes.size()) : 0);
      archive_write_header(to, entry);
      if (part.type == AE_IFREG) archive_write_data(to, part.bytes.data(), part.bytes.size());
      archive_entry_free(entry);
    }
    archive_write_close(to);
    archive_write_free(to);
  }
  Result<Unpacked> unpacked(const UnpackLimits& limits = {}) {
    std::error_code ignored;
    fs::remove_all(folder_ / "out", ignored);  // each into a folder of its own, as a job has it
    fs::create_directories(folder_ / "out", ignored);
    return unpack(folder_ / "packed", folder_ / "out", limits);
  }
  std::string refused(const UnpackLimits& limits = {}) {
    const auto result = unpacked(limits);
    if (result) return "";
    EXPECT_EQ(result.error().code, ErrorCode::bad_input);
    return result.error().message;
  }
  fs::path folder_;
};

TEST_F(AnArchive, IsSortedByWhatItsFilesAre) {
  for (const bool zip : {true, false}) {
    fs::remove_all(folder_ / "out");
    pack({{"b/10.png", kJpeg},
          {"b/2.txt", kJpeg},
          {"x/Clip One.avi", kMp4},
          {"y/Clip One", kMp4},
          {"notes.mp4", "words"},
          {"__MACOSX/._2", "x"},
          {"d", "", AE_IFDIR}},
         zip);
    const auto result = unpacked();
    ASSERT_TRUE(result) << result.error().text();
    EXPECT_EQ(result->pictures, 2);
    EXPECT_EQ(result->videos, 2);
    EXPECT_EQ(result->skipped, 1);
    for (const char* name :
         {"pictures/1.jpg", "pictures/2.jpg", "videos/Clip_One.mp4", "videos/Clip_One-2.mp4"})
      EXPECT_TRUE(fs::exists(folder_ / "out" / name)) << name;
  }
}

TEST_F(AnArchive, KeepsItsFoldersWhereTheyMeanSomething) {
  pack({{"set/happy/a.jpg", kJpeg},
        {"set/sad/a.jpg", kJpeg},
        {"set/labels.csv", "path,label\n"},
        {"set/clip.mp4", kMp4}});
  fs::create_directories(folder_ / "out");
  const auto result = unpack(folder_ / "packed", folder_ / "out", {}, Arrange::as_named);
  ASSERT_TRUE(result) << result.error().text();
  EXPECT_EQ(result->pictures, 2);
  EXPECT_EQ(result->tables, 1);
  EXPECT_EQ(result->skipped, 1);
  for (const char* name : {"set/happy/a.jpg", "set/sad/a.jpg", "set/labels.csv"})
    EXPECT_TRUE(fs::exists(folder_ / "out" / name)) << name;
}

TEST_F(AnArchive, LeadsNowhereElse) {
  for (const char* name : {"../out.jpg", "/tmp/pyro-out.jpg", "a/../../b.jpg", "..\\b.jpg"}) {
    pack({{name, kJpeg}}, false);
    EXPECT_NE(refused().find("leads out"), std::string::npos) << name;
  }
  pack({{"a.jpg", "/etc/passwd", AE_IFLNK}}, false);
  EXPECT_NE(refused().find("link"), std::string::npos);
  EXPECT_FALSE(fs::exists("/tmp/pyro-out.jpg"));
  EXPECT_FALSE(fs::exists(folder_ / "out.jpg"));
}

TEST_F(AnArchive, IsNotLargerThanItMayBe) {
  UnpackLimits limits;
  limits.ratio_from = 1 << 20;
  pack({{"bomb.jpg", kJpeg + std::string(8 << 20, '\0')}});
  EXPECT_NE(refused(limits).find("times its size"), std::string::npos);
  limits.bytes = 1 << 20;
  EXPECT_NE(refused(limits).find("more than 1 MiB"), std::string::npos);
  limits = {};
  limits.entries = 3;
  pack({{"1", kJpeg}, {"2", kJpeg}, {"3", kJpeg}, {"4", kJpeg}});
  EXPECT_NE(refused(limits).find("3 entries"), std::string::npos);
}

TEST_F(AnArchive, ThatIsRefusedWithoutAReasonIsRefusedAllTheSame) {
  fs::copy_file(PYRO_SOURCE_DIR "/tests/fuzz/corpus/unpack/no_reason.zip", folder_ / "packed");
  EXPECT_NE(refused().find("damaged"), std::string::npos);
}

TEST_F(AnArchive, WithoutAnythingToLookAtOrCutOffIsRefused) {
  pack({{"readme.jpg", "words"}});
  EXPECT_NE(refused().find("no picture"), std::string::npos);
  pack({{"a.jpg", kJpeg + std::string(100000, 'x')}}, false);
  fs::resize_file(folder_ / "packed", 5000);
  EXPECT_FALSE(refused().empty());
  std::ofstream(folder_ / "packed") << "no archive at all";
  EXPECT_FALSE(refused().empty());
}

TEST(Media, IsToldByItsBytes) {
  EXPECT_EQ(media_of(kJpeg).kind, MediaKind::picture);
  EXPECT_EQ(media_of(kMp4).kind, MediaKind::video);
  EXPECT_EQ(media_of("PK\x03\x04 and more").kind, MediaKind::archive);
  for (const char* text : {"person,score,survey\n1,2,3\n", "a;b", "emotion,pixels,Usage"})
    EXPECT_EQ(media_of(text).kind, MediaKind::table) << text;
  for (const char* text :
       {"", "B", "#EXTINF:10,x\n/etc/passwd", "{\"a\": 1, \"b\": 2}", "a line, and\x01 control",
        "BM of some text that begins so", "#EXTM3U\nhttps://elsewhere.example/a.ts",
        "ffconcat version 1.0\nfile /etc/passwd", "<svg/>", "G", "#EXTM3U\nWEBP\n",
        "<!--ftyp--><MPD profiles='urn:mpeg:dash:profile:isoff-live:2011'/>"})
    EXPECT_EQ(media_of(text).kind, MediaKind::unknown) << text;
  // A table whose text ends behind what is looked at is the same in one piece and by its first bytes.
  const std::string table = "a,b\n" + std::string(600, 'x') + '\x01';
  EXPECT_EQ(media_of(table).kind, media_of(std::string_view{table}.substr(0, 512)).kind);
}

}  // namespace
}  // namespace pyro::jobs
