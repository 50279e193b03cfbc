#include "pyro/forecast/daily.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <fstream>

namespace pyro::forecast {
namespace {

class Daily : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(file_); }
  Result<std::vector<Series>> read(const std::string& text) const {
    std::ofstream(file_) << text;
    return read_daily(file_, {"who", "when", "mood", 0.0});
  }
  std::filesystem::path file_ =
      std::filesystem::temp_directory_path() / ("pyro_daily_" + std::to_string(::getpid()) + ".csv");
};

TEST_F(Daily, DaysGapsAndSeveralReports) {
  const auto read_back = read(
      "when,mood,who\n2020-02-28T08:00:00Z,3,a\n2020-03-01T08:00:00Z,4,a\n2020-03-01T20:00:00Z,5,a\n"
      "2020-03-02T08:00:00Z,0,a\n2020-03-02,1,b\n");
  ASSERT_TRUE(read_back) << read_back.error().message;
  ASSERT_EQ(read_back->size(), 2U);
  const auto scores = (*read_back)[0].scores();
  ASSERT_EQ(scores.size(), 4U);  // a leap year
  EXPECT_EQ(scores[0], 3);
  EXPECT_TRUE(std::isnan(scores[1]));
  EXPECT_EQ(scores[2], 4.5);
  EXPECT_TRUE(std::isnan(scores[3])) << "0 was said to stand for none";
}

TEST_F(Daily, SaysWhatIsWrong) {
  for (const auto& [text, expected] : {
           std::pair{"when,who\n", "no column 'mood'"},
           std::pair{"", "no column 'who'"},
           std::pair{"when,mood,who\n2020-02-30,1,a\n", "line 2: when is '2020-02-30'"},
           std::pair{"when,mood,who\nyesterday,1,a\n", "begins with no date"},
           std::pair{"when,mood,who\n2020-02-03,good,a\n", "which is no number"},
           std::pair{"when,mood,who\n2020-02-03,nan,a\n", "which is no number"},
           std::pair{"when,mood,who\n2020-02-03,1\n", "has 2 cells"},
           std::pair{"when,mood,who\n0001-01-01,1,a\n2020-02-03,1,a\n", "100 years"},
       }) {
    const auto read_back = read(text);
    ASSERT_FALSE(read_back) << text;
    EXPECT_NE(read_back.error().message.find(expected), std::string::npos) << read_back.error().message;
  }
}

}  // namespace
}  // namespace pyro::forecast
