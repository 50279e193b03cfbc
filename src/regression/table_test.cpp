#include "pyro/regression/table.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

namespace pyro::regression {
namespace {

Result<Table> table_of(const std::string& text) {
  const std::filesystem::path file = std::filesystem::temp_directory_path() / "pyro_regression_table.csv";
  std::ofstream(file, std::ios::binary) << text;
  Result<Table> table = read_table(file);
  std::filesystem::remove(file);
  return table;
}

TEST(RegressionTable, ColumnsAreWhatAllOfTheirCellsAre) {
  const Result<Table> table = table_of(
      " person ;hours;start;left;note\n"
      "a; 7,5 ;2026-01-01T23:30-05:00;1970-01-02;2026-01-01\n"
      "b;6;2026-01-02 08:00;;2026-01-01T10:00 or so\n");
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_EQ(table->rows, 2U);
  EXPECT_EQ(table->find("person")->kind, Kind::word);
  EXPECT_EQ(table->find("hours")->words, (std::vector<std::string>{"7,5", "6"})) << "a point parts decimals";
  const Column& start = *table->find("start");
  ASSERT_EQ(start.kind, Kind::day);
  EXPECT_EQ(start.numbers[1] - start.numbers[0], 1) << "the day that is written, whatever the offset";
  const Column& left = *table->find("left");
  ASSERT_EQ(left.kind, Kind::day);
  EXPECT_EQ(left.numbers[0], 1);
  EXPECT_TRUE(std::isnan(left.numbers[1]));
  EXPECT_EQ(table->find("note")->kind, Kind::word) << "what follows a day must be a clock";
}

TEST(RegressionTable, BrokenTablesAreRefused) {
  EXPECT_NE(table_of("").error().message.find("is empty"), std::string::npos);
  EXPECT_NE(table_of("a,b\n").error().message.find("no rows"), std::string::npos);
  EXPECT_NE(table_of("a,a\n1,2\n").error().message.find("two columns 'a'"), std::string::npos);
  EXPECT_NE(table_of("a,b\n1\n").error().message.find("line 2 has 1 cells"), std::string::npos);
}

}  // namespace
}  // namespace pyro::regression
