#include "pyro/base/csv_records.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace pyro {
namespace {

using Records = std::vector<std::vector<std::string>>;

// All records of the text; the message of the error that it ends in is put into `message`.
Records read(const std::string& text, std::string& message) {
  CsvRecords records(std::make_unique<std::istringstream>(text), "x.csv");
  Records all;
  for (;;) {
    const Result<bool> more = records.next();
    if (!more) message = more.error().message;
    if (!more || !*more) return all;
    all.emplace_back(records.cells().begin(), records.cells().end());
  }
}

TEST(CsvRecords, SplitsQuotedCellsOverLines) {
  std::string message;
  EXPECT_EQ(read("\xEF\xBB\xBF"
                 "a,\"b,\"\"c\"\"\"\r\n\r\n,\"two\nlines\",",
                 message),
            (Records{{"a", "b,\"c\""}, {"", "two\nlines", ""}}));
  EXPECT_EQ(message, "");
}

TEST(CsvRecords, CellsMayBePartedByAnotherCharacter) {
  CsvRecords records(std::make_unique<std::istringstream>("a;\"b;c\";1,5"), "x.csv", ';');
  ASSERT_TRUE(records.next().value());
  EXPECT_EQ(Records::value_type(records.cells().begin(), records.cells().end()),
            (Records::value_type{"a", "b;c", "1,5"}));
}

TEST(CsvRecords, TheHeadingSaysWhatPartsCells) {
  const std::pair<const char*, char> headings[] = {
      {"a,b\n1;2;3;4", ','},     {"a;b\n1,5;2,5", ';'},  {"a\tb,c\td\n", '\t'},
      {"\r\n\na;b\n1,2,3", ';'}, {"\"a,b,c\";d\n", ';'}, {"\"a\nb,c\";d\n", ';'},
      {"a,b;c\n", ','},          {"a\n1;2", ','},        {"", ','}};
  for (const auto& [text, separator] : headings) {
    auto input = std::make_unique<std::istringstream>(text);
    EXPECT_EQ(separator_of(*input), separator) << text;
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(*input), {}), text) << "back at its beginning";
  }
}

TEST(CsvRecords, ErrorsNameTheLineWhereTheRecordBegins) {
  std::string message;
  EXPECT_EQ(read("a\nb,\"c\nd", message), (Records{{"a"}}));
  EXPECT_EQ(message, "x.csv line 2 opens a quote that is never closed; was the file cut?");
  EXPECT_EQ(read("\"a\nb\"\n\"c\"d\n", message), (Records{{"a\nb"}}));
  EXPECT_EQ(message, "x.csv line 3 has text after a closing quote in cell 1; quote the whole cell");
}

}  // namespace
}  // namespace pyro
