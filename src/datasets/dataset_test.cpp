#include "pyro/datasets/dataset.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>

#include "pyro/html/pictures.hpp"

namespace pyro::datasets {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class Datasets : public testing::Test {
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
  fs::path root_ = fs::temp_directory_path() / ("pyro-datasets-" + std::to_string(getpid()));
};

TEST_F(Datasets, ReadsIdxPictureByPicture) {
  put("images", idx_images(2));
  put("labels", idx_labels(std::string{'\3', '\6'}));
  const auto pictures = read_dataset(root_ / "images", root_ / "labels");
  ASSERT_TRUE(pictures) << pictures.error().text();
  ASSERT_EQ(pictures->items.size(), 2U);
  EXPECT_EQ(pictures->items[0].label, records::Emotion::happy);
  EXPECT_EQ(pictures->items[1].label, records::Emotion::neutral);
  EXPECT_EQ(pictures->items[1].face->pixels[2303], 11);
}

TEST_F(Datasets, RefusesIdxThatDoesNotFit) {
  put("images", idx_images(2));
  put("labels", idx_labels(std::string{'\3'}));
  EXPECT_FALSE(read_dataset(root_ / "images", root_ / "labels"));
  put("labels", idx_labels(std::string{'\3', '\7'}));
  const auto wrong = read_dataset(root_ / "images", root_ / "labels");
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().message.find("label 7 at 1 is none of the seven classes 0..6 (angry,"),
            std::string::npos)
      << wrong.error().message;
  put("images", idx_images(2, 32));
  EXPECT_FALSE(read_dataset(root_ / "images", root_ / "labels"));
  const auto unlabelled = read_dataset(root_ / "images");
  ASSERT_FALSE(unlabelled);
  EXPECT_EQ(unlabelled.error().code, ErrorCode::wrong_use);
}

TEST_F(Datasets, ReadsAFolderPerClass) {
  put("set/happiness/b.png", "x");
  put("set/happiness/a.JPG", "x");
  put("set/Anger/c.png", "x");
  put("set/Anger/notes.txt", "x");
  const auto pictures = read_dataset(root_ / "set");
  ASSERT_TRUE(pictures) << pictures.error().text();
  ASSERT_EQ(pictures->items.size(), 3U);
  EXPECT_EQ(pictures->items[0].label, records::Emotion::angry);
  EXPECT_EQ(pictures->items[1].label, records::Emotion::happy);
  put("set/bored/d.png", "x");
  EXPECT_FALSE(read_dataset(root_ / "set"));
  fs::create_directories(root_ / "empty");
  EXPECT_FALSE(read_dataset(root_ / "empty"));
}

TEST_F(Datasets, ReadsACsvAndNamesTheWrongLine) {
  put("set.csv", "person,label,path\n1,sad,\"a, b.png\"\n2,5,c.png\n");
  const auto pictures = read_dataset(root_ / "set.csv");
  ASSERT_TRUE(pictures) << pictures.error().text();
  ASSERT_EQ(pictures->items.size(), 2U);
  EXPECT_EQ(pictures->items[0].name, (root_ / "a, b.png").string());
  EXPECT_EQ(pictures->items[1].label, records::Emotion::surprise);
  put("bad.csv", "path,label\na.png,happy\nb.png,smug\n");
  const auto bad = read_dataset(root_ / "bad.csv");
  ASSERT_FALSE(bad);
  EXPECT_NE(bad.error().message.find("line 3: 'smug'"), std::string::npos) << bad.error().message;
  put("columns.csv", "file,class\n");
  EXPECT_FALSE(read_dataset(root_ / "columns.csv"));
}

TEST_F(Datasets, ReadsACsvAsSpreadsheetsWriteIt) {
  put("set.csv", "\xEF\xBB\xBFpath,label\r\n\"say \"\"cheese\"\".png\",happy\r\n\r\nb.png,SAD");
  const auto pictures = read_dataset(root_ / "set.csv");
  ASSERT_TRUE(pictures) << pictures.error().text();
  ASSERT_EQ(pictures->items.size(), 2U);
  EXPECT_EQ(pictures->items[0].name, (root_ / "say \"cheese\".png").string());
  EXPECT_EQ(pictures->items[1].label, records::Emotion::sad);
  put("cut.csv", "path,label\na.png,happy\n\"b.png,sad\n");
  const auto cut = read_dataset(root_ / "cut.csv");
  ASSERT_FALSE(cut);
  EXPECT_NE(cut.error().message.find("line 3 opens a quote"), std::string::npos) << cut.error().message;
  put("short.csv", "path,label\n\na.png\n");
  const auto missing = read_dataset(root_ / "short.csv");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("line 3 has 1 cells"), std::string::npos) << missing.error().message;
  put("empty.csv", "");
  EXPECT_FALSE(read_dataset(root_ / "empty.csv"));
}

std::string refusal(const Result<Dataset>& set) {
  return set ? "accepted" : set.error().message;
}

TEST_F(Datasets, IdxLabelsAreFoundBesideTheirImages) {
  put("some-images-idx3-ubyte", idx_images(1));
  put("some-labels-idx1-ubyte", idx_labels(std::string{'\4'}));
  const auto set = read_dataset(root_ / "some-images-idx3-ubyte");
  ASSERT_TRUE(set) << set.error().text();
  EXPECT_EQ(set->items[0].label, records::Emotion::sad);
  EXPECT_EQ(set->items[0].name, (root_ / "some-images-idx3-ubyte[0]").string());
}

TEST_F(Datasets, ReadsSplitFoldersAboveTheClasses) {
  put("set/train/happy/a.png", "x");
  put("set/train/sad/b.png", "x");
  put("set/Test/happy/c.webp", "x");
  put("set/.cache/nothing.png", "x");
  const auto set = read_dataset(root_ / "set");
  ASSERT_TRUE(set) << set.error().text();
  std::vector<std::string> splits;
  for (const Item& item : set->items) splits.push_back(item.split);
  EXPECT_THAT(splits, ElementsAre("Test", "train", "train"));
}

TEST_F(Datasets, RefusesFoldersThatNobodyMeant) {
  put("empty/happy/a.png", "x");
  fs::create_directories(root_ / "empty" / "sad");
  EXPECT_THAT(refusal(read_dataset(root_ / "empty")),
              HasSubstr((root_ / "empty" / "sad").string() + "' holds no picture"));
  put("mixed/train/happy/a.png", "x");
  put("mixed/happy/a.png", "x");
  EXPECT_THAT(refusal(read_dataset(root_ / "mixed")),
              HasSubstr("train' is named after none of the seven classes (angry, disgust"));
  put("one/happy/a.png", "x");
  EXPECT_TRUE(read_dataset(root_ / "one"));
  EXPECT_THAT(refusal(read_dataset(root_ / "one", {}, 2)), HasSubstr("one class only (happy)"));
  EXPECT_THAT(refusal(read_dataset(root_ / "nowhere")), HasSubstr("no data set at"));
}

TEST_F(Datasets, ReadsPersonSplitAndGroups) {
  put("set.csv",
      "Path,Label,Person,age,group_site,extra, split "
      "\na.png,happy,p1,30-44,north,x,train\nb.png,sad,,,south,y,test\n");
  const auto set = read_dataset(root_ / "set.csv");
  ASSERT_TRUE(set) << set.error().text();
  EXPECT_EQ(set->items[0].person, "p1");
  EXPECT_EQ(set->items[0].split, "train");
  EXPECT_THAT(set->items[0].groups, ElementsAre(Group{"age", "30-44"}, Group{"group_site", "north"}));
  EXPECT_EQ(set->items[1].person, "");
  EXPECT_THAT(set->items[1].groups, ElementsAre(Group{"group_site", "south"}))
      << "an empty cell is not known";
  EXPECT_EQ(set->items[1].line, 3);
}

std::string pixels(int value, int count = 2304) {
  std::string text;
  for (int i = 0; i < count; ++i) text += (i ? " " : "") + std::to_string(value);
  return text;
}

TEST_F(Datasets, ReadsFer2013sOwnCsv) {
  put("fer2013.csv",
      "emotion, Usage, pixels\r\n3, Training," + pixels(255) + "\r\n0, PublicTest," + pixels(7) + "\r\n");
  const auto set = read_dataset(root_ / "fer2013.csv");
  ASSERT_TRUE(set) << set.error().text();
  ASSERT_EQ(set->items.size(), 2U);
  EXPECT_EQ(set->items[0].label, records::Emotion::happy);
  EXPECT_EQ(set->items[0].split, "Training");
  EXPECT_EQ(set->items[1].split, "PublicTest");
  EXPECT_EQ(set->items[0].face->pixels[2303], 255);
  EXPECT_FALSE(set->items[0].is_path);
  EXPECT_THAT(set->items[1].name, HasSubstr("fer2013.csv line 3"));
}

TEST_F(Datasets, NamesTheLineOfWhatIsWrongInACsv) {
  const auto message = [&](const std::string& text) {
    put("bad.csv", text);
    return refusal(read_dataset(root_ / "bad.csv"));
  };
  EXPECT_THAT(message("emotion,pixels\n3," + pixels(1, 2303) + "\n"), HasSubstr("line 2 has 2303 pixels"));
  EXPECT_THAT(message("emotion,pixels\n3," + pixels(1, 2305) + "\n"), HasSubstr("line 2 has 2305 pixels"));
  EXPECT_THAT(message("emotion,pixels\n3," + pixels(256) + "\n"),
              HasSubstr("pixel 0 is no number from 0 to 255"));
  EXPECT_THAT(message("emotion,pixels\n3,1 2 -3\n"), HasSubstr("pixel 2 is no number"));
  EXPECT_THAT(message("emotion,pixels\n3,1 2x 3\n"), HasSubstr("pixel 1 is no number"));
  EXPECT_THAT(message("emotion,pixels\n3,99999999999\n"), HasSubstr("pixel 0 is no number"));
  EXPECT_THAT(message("emotion,pixels\n7," + pixels(1) + "\n"),
              HasSubstr("line 2: '7' is none of the seven classes (angry"));
  EXPECT_THAT(message("path,label\n,happy\n"), HasSubstr("line 2 names no picture"));
  EXPECT_THAT(message(std::string("path,label\na\0b,happy\n", 21)), HasSubstr("zero byte"));
  EXPECT_THAT(message("path,pixels,label\n"), HasSubstr("needs in its first line"));
  EXPECT_THAT(message("path,split\n"), HasSubstr("needs in its first line"));
  EXPECT_THAT(message("path,label,emotion\n"), HasSubstr("two columns for 'emotion'"));
  EXPECT_THAT(message("path,label\n"), HasSubstr("no labelled picture"));
  put("images", idx_images(2));
  EXPECT_THAT(message("path,label\nimages[2],happy\n"),
              HasSubstr("line 2: " + (root_ / "images").string() + " holds only 2"));
  put("noidx", "x");
  EXPECT_THAT(message("path,label\nnoidx[0],happy\n"),
              HasSubstr("line 2: " + (root_ / "noidx").string() + ": is not an IDX"));
}

Item item(const std::string& name) {
  Item made;
  made.name = name;
  return made;
}

TEST_F(Datasets, LoadsAnyItemAs48By48) {
  std::vector<std::uint8_t> grey(2304), large(9216);
  for (std::size_t i = 0; i < grey.size(); ++i) grey[i] = static_cast<std::uint8_t>(i * 7);
  for (std::size_t y = 0; y < 96; ++y) {
    for (std::size_t x = 0; x < 96; ++x) large[y * 96 + x] = grey[y / 2 * 48 + x / 2];
  }
  put("a.png", html::png({grey, 48, 48, 1}));
  put("b.png", html::png({large, 96, 96, 1}));
  for (const char* name : {"a.png", "b.png"}) {
    const auto face = load_face(item((root_ / name).string()));
    ASSERT_TRUE(face) << face.error().text();
    EXPECT_TRUE(std::equal(grey.begin(), grey.end(), face->pixels.begin())) << name;
  }
  Item own;
  own.face.emplace().pixels.fill(9);
  EXPECT_EQ(load_face(own)->pixels[0], 9);
}

TEST_F(Datasets, NamesAPictureThatCannotBeLoadedAndItsLine) {
  put("text.png", "no picture at all");
  const std::vector<std::uint8_t> grey(2304, 5);
  const std::string png = html::png({grey, 48, 48, 1});
  put("cut.png", png.substr(0, png.size() - 20));
  for (const char* name : {"absent.png", "text.png", "cut.png"}) {
    Item wanted = item((root_ / name).string());
    wanted.line = 12;
    const auto face = load_face(wanted);
    ASSERT_FALSE(face) << name;
    EXPECT_EQ(face.error().code, ErrorCode::bad_input);
    EXPECT_THAT(face.error().message, HasSubstr(name));
    EXPECT_THAT(face.error().message, HasSubstr("line 12"));
  }
  // What the capture room would take for a camera, an address or a stream is only a file that is not there.
  for (const char* name : {"camera:0", "/dev/video0", "rtsp://127.0.0.1/x", "-", "/dev/zero"}) {
    const auto face = load_face(item(name));
    ASSERT_FALSE(face) << name;
    EXPECT_THAT(face.error().message, HasSubstr("there is no picture"));
  }
}

TEST_F(Datasets, WhatIsWrittenIsReadBack) {
  std::vector<Item> items(3);
  items[0].name = (root_ / "pictures" / "a, \"b\"\n.png").string();
  items[0].label = records::Emotion::fear;
  items[0].split = "train";
  items[0].person = "p,1";
  items[0].groups = {{"age", "18-29"}, {"group_x", "\"q\""}};
  items[1].name = (root_ / "b.png").string();
  items[2].name = (root_.parent_path() / "c.png").string();
  items[2].groups = {{"age", "65+"}};
  fs::create_directories(root_ / "out");
  ASSERT_TRUE(write_dataset(items, root_ / "out" / "set.csv"));
  const auto set = read_dataset(root_ / "out" / "set.csv");
  ASSERT_TRUE(set) << set.error().text();
  ASSERT_EQ(set->items.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(fs::path(set->items[i].name).lexically_normal(), items[i].name);
    EXPECT_EQ(set->items[i].label, items[i].label);
    EXPECT_EQ(set->items[i].split, items[i].split);
    EXPECT_EQ(set->items[i].person, items[i].person);
    EXPECT_EQ(set->items[i].groups, items[i].groups);
  }
  EXPECT_EQ(write_dataset(items, root_ / "nowhere" / "set.csv").error().code, ErrorCode::failed);
}

TEST_F(Datasets, PicturesWithoutAFileOfTheirOwnAreWrittenToo) {
  put("images", idx_images(2));
  put("labels", idx_labels(std::string{'\3', '\6'}));
  put("fer.csv", "emotion,pixels\n3," + pixels(77) + "\n");
  auto idx = read_dataset(root_ / "images", root_ / "labels");
  const auto fer = read_dataset(root_ / "fer.csv");
  ASSERT_TRUE(write_dataset(idx->items, root_ / "idx.csv"));
  idx->items.push_back(fer->items[0]);
  ASSERT_TRUE(write_dataset(idx->items, root_ / "all.csv"));
  for (const char* name : {"idx.csv", "all.csv"}) {
    const auto again = read_dataset(root_ / name);
    ASSERT_TRUE(again) << again.error().text();
    for (std::size_t i = 0; i < again->items.size(); ++i) {
      EXPECT_EQ(again->items[i].face->pixels, idx->items[i].face->pixels);
      EXPECT_EQ(again->items[i].label, idx->items[i].label);
    }
  }
}

}  // namespace
}  // namespace pyro::datasets
