#include "pyro/datasets/predictions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

namespace pyro::datasets {
namespace {

using testing::HasSubstr;

class Predictions : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_);
    for (const char* name : {"a/1.png", "b/1.png", "b/2.png"}) {
      Item item;
      item.name = (folder_ / name).string();
      item.label = records::Emotion::happy;
      judged_.index.push_back(judged_.items.size() + 4);
      judged_.items.push_back(item);
    }
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Result<std::vector<Prediction>> read(const std::string& text) const {
    const std::filesystem::path file = folder_ / "said.csv";
    std::ofstream(file) << text;
    return read_predictions(file, judged_);
  }
  std::string refusal(const std::string& text) const {
    const auto read = this->read(text);
    return read ? "accepted" : read.error().message;
  }

  std::filesystem::path folder_ = std::filesystem::path(testing::TempDir()) / "pyro_predictions";
  JudgedItems judged_;
};

TEST_F(Predictions, AreFoundByPathByFileNameAndByIndex) {
  const auto by_path = read("Path,Label\nb/1.png,sad\na/1.png,3\nelsewhere/2.png,\nnot/judged.png,fear\n");
  ASSERT_TRUE(by_path) << by_path.error().text();
  EXPECT_EQ((*by_path)[0].label, 3);
  EXPECT_EQ((*by_path)[1].label, 4);
  EXPECT_EQ((*by_path)[2].label, kMissed) << "an empty label is a missed face";
  EXPECT_FALSE((*by_path)[0].said.known());
  const auto by_index = read("index,label\n5,sad\n4,happy\n6,fear\n0,angry\n");
  ASSERT_TRUE(by_index) << by_index.error().text();
  EXPECT_EQ((*by_index)[1].label, 4);
}

TEST_F(Predictions, TakeTheLargestProbability) {
  const auto said = read(
      "index,p_angry,p_disgust,p_fear,p_happy,p_sad,p_surprise,p_neutral,missed_because\n"
      "4,0,0,0,0.25,0.75,0,0,\n5,,,,,,,,blurred\n6,1,0,0,0,0,0,0,\n");
  ASSERT_TRUE(said) << said.error().text();
  EXPECT_EQ((*said)[0].label, 4);
  EXPECT_FLOAT_EQ((*said)[0].said.p[4], 0.75F);
  EXPECT_EQ((*said)[1].label, kMissed);
  EXPECT_EQ((*said)[1].missed_because, "blurred");
}

TEST_F(Predictions, ComeBackAsTheyWereWritten) {
  std::vector<Prediction> said(3);
  said[0].said = {{0.1F, 0.2F, 0.3F, 0.05F, 0.05F, 0.1F, 0.2F}};
  said[0].label = 2;
  said[1].missed_because = "no_face";
  said[2].label = 5;  // without probabilities
  const std::filesystem::path file = folder_ / "kept.csv";
  ASSERT_TRUE(write_predictions(file, judged_, said));
  const auto again = read_predictions(file, judged_);
  ASSERT_TRUE(again) << again.error().text();
  for (std::size_t i = 0; i < said.size(); ++i) {
    EXPECT_EQ((*again)[i].label, said[i].label);
    EXPECT_EQ((*again)[i].missed_because, said[i].missed_because);
    EXPECT_EQ((*again)[i].said.known(), said[i].said.known());
  }
  EXPECT_EQ((*again)[0].said.p, said[0].said.p);
}

TEST_F(Predictions, SayWhatIsWrong) {
  EXPECT_THAT(refusal("index,label\n4,sad\n5,sad\n"),
              HasSubstr("nothing of 1 of the 3 judged pictures, first of"));
  EXPECT_THAT(refusal("index,label\n4,smug\n"), HasSubstr("line 2: 'smug' is none of the seven classes"));
  EXPECT_THAT(refusal("index,label\n4,sad\n4,sad\n"), HasSubstr("line 3 names"));
  EXPECT_THAT(refusal("index,label\n-1,sad\n"), HasSubstr("is no index"));
  EXPECT_THAT(refusal("index,label\n4\n"), HasSubstr("1 cells"));
  EXPECT_THAT(refusal("index,path,label\n4,b/9.png,sad\n"), HasSubstr("of another set"));
  EXPECT_THAT(refusal("name,label\n4,sad\n"), HasSubstr("index or path"));
  EXPECT_THAT(refusal("index,angry,sad\n4,1,0\n"), HasSubstr("only 2 of the seven"));
  const std::string head = "index,label,angry,disgust,fear,happy,sad,surprise,neutral\n";
  EXPECT_THAT(refusal(head + "4,,0.9,0.9,0,0,0,0,0\n"), HasSubstr("sum to"));
  EXPECT_THAT(refusal(head + "4,,nan,1,0,0,0,0,0\n"), HasSubstr("'nan' is no probability"));
  EXPECT_THAT(refusal(head + "4,sad,1,0,0,0,0,0,0\n"), HasSubstr("the label is 'sad'"));
  EXPECT_THAT(refusal(""), HasSubstr("empty"));
}

}  // namespace
}  // namespace pyro::datasets
