#include "pyro/datasets/labelled.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace pyro::datasets {
namespace {

namespace fs = std::filesystem;

class Labelled : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(root_); }
  void TearDown() override { fs::remove_all(root_); }
  void put(const fs::path& name, const std::string& bytes) {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name, std::ios::binary) << bytes;
  }
  static std::string idx_images(int count, char side = 48) {
    std::string bytes{'\0', '\0', 8, 3, 0, 0, 0, static_cast<char>(count), 0, 0, 0, side, 0, 0, 0, side};
    for (int i = 0; i < count; ++i)
      bytes.append(static_cast<std::size_t>(side) * static_cast<std::size_t>(side),
                   static_cast<char>(10 + i));
    return bytes;
  }
  static std::string idx_labels(const std::string& labels) {
    return std::string{'\0', '\0', 8, 1, 0, 0, 0, static_cast<char>(labels.size())} + labels;
  }
  fs::path root_ = fs::temp_directory_path() / ("pyro-labelled-" + std::to_string(getpid()));
};

TEST_F(Labelled, ReadsIdxPictureByPicture) {
  put("images", idx_images(2));
  put("labels", idx_labels(std::string{'\3', '\6'}));
  const auto pictures = read_labelled(root_ / "images", root_ / "labels");
  ASSERT_TRUE(pictures) << pictures.error().text();
  ASSERT_EQ(pictures->size(), 2U);
  EXPECT_EQ((*pictures)[0].label, records::Emotion::happy);
  EXPECT_EQ((*pictures)[1].label, records::Emotion::neutral);
  EXPECT_EQ((*pictures)[1].face->pixels[2303], 11);
}

TEST_F(Labelled, RefusesIdxThatDoesNotFit) {
  put("images", idx_images(2));
  put("labels", idx_labels(std::string{'\3'}));
  EXPECT_FALSE(read_labelled(root_ / "images", root_ / "labels"));
  put("labels", idx_labels(std::string{'\3', '\7'}));
  const auto wrong = read_labelled(root_ / "images", root_ / "labels");
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().message.find("label 7 at 1"), std::string::npos) << wrong.error().message;
  put("images", idx_images(2, 32));
  EXPECT_FALSE(read_labelled(root_ / "images", root_ / "labels"));
  const auto unlabelled = read_labelled(root_ / "images");
  ASSERT_FALSE(unlabelled);
  EXPECT_EQ(unlabelled.error().code, ErrorCode::wrong_use);
}

TEST_F(Labelled, ReadsAFolderPerClass) {
  put("set/happiness/b.png", "x");
  put("set/happiness/a.JPG", "x");
  put("set/Anger/c.png", "x");
  put("set/Anger/notes.txt", "x");
  const auto pictures = read_labelled(root_ / "set");
  ASSERT_TRUE(pictures) << pictures.error().text();
  ASSERT_EQ(pictures->size(), 3U);
  EXPECT_EQ((*pictures)[0].label, records::Emotion::angry);
  EXPECT_EQ((*pictures)[1].label, records::Emotion::happy);
  put("set/bored/d.png", "x");
  EXPECT_FALSE(read_labelled(root_ / "set"));
  fs::create_directories(root_ / "empty");
  EXPECT_FALSE(read_labelled(root_ / "empty"));
}

TEST_F(Labelled, ReadsACsvAndNamesTheWrongLine) {
  put("set.csv", "person,label,path\n1,sad,\"a, b.png\"\n2,5,c.png\n");
  const auto pictures = read_labelled(root_ / "set.csv");
  ASSERT_TRUE(pictures) << pictures.error().text();
  ASSERT_EQ(pictures->size(), 2U);
  EXPECT_EQ((*pictures)[0].name, (root_ / "a, b.png").string());
  EXPECT_EQ((*pictures)[1].label, records::Emotion::surprise);
  put("bad.csv", "path,label\na.png,happy\nb.png,smug\n");
  const auto bad = read_labelled(root_ / "bad.csv");
  ASSERT_FALSE(bad);
  EXPECT_NE(bad.error().message.find("line 3: 'smug'"), std::string::npos) << bad.error().message;
  put("columns.csv", "file,class\n");
  EXPECT_FALSE(read_labelled(root_ / "columns.csv"));
}

TEST_F(Labelled, ReadsACsvAsSpreadsheetsWriteIt) {
  put("set.csv", "\xEF\xBB\xBFpath,label\r\n\"say \"\"cheese\"\".png\",happy\r\n\r\nb.png,SAD");
  const auto pictures = read_labelled(root_ / "set.csv");
  ASSERT_TRUE(pictures) << pictures.error().text();
  ASSERT_EQ(pictures->size(), 2U);
  EXPECT_EQ((*pictures)[0].name, (root_ / "say \"cheese\".png").string());
  EXPECT_EQ((*pictures)[1].label, records::Emotion::sad);
  put("cut.csv", "path,label\na.png,happy\n\"b.png,sad\n");
  const auto cut = read_labelled(root_ / "cut.csv");
  ASSERT_FALSE(cut);
  EXPECT_NE(cut.error().message.find("line 3 opens a quote"), std::string::npos) << cut.error().message;
  put("short.csv", "path,label\n\na.png\n");
  const auto missing = read_labelled(root_ / "short.csv");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("line 3 has 1 cells"), std::string::npos) << missing.error().message;
  put("empty.csv", "");
  EXPECT_FALSE(read_labelled(root_ / "empty.csv"));
}

}  // namespace
}  // namespace pyro::datasets
