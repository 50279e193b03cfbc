#include "pyro/surveys/response.hpp"

#include <gmock/gmock.h>

#include "pyro/surveys/wording.hpp"
#include "test_support.hpp"

namespace pyro::surveys {
namespace {

using ::testing::HasSubstr;
using testing::kLeftOut;
using testing::response_of;
using testing::shipped;

Result<std::vector<Response>> read_text(const std::string& text) {
  return read_responses(std::make_unique<std::istringstream>(text), "x.csv", shipped("pss-4"));
}

TEST(Responses, WhatIsWrittenIsReadBack) {
  const Instrument& pss = shipped("pss-4");
  const std::vector<Response> some{response_of(pss, {1, kLeftOut, 3, 4}, "a,b"),
                                   response_of(pss, {0, 0, 0, 0}, "c")};
  const Result<std::string> text = with_responses(pss, {}, some, "x.csv");
  ASSERT_TRUE(text);
  EXPECT_EQ(*text,
            "person,time_utc,instrument,version,language,item1,item2,item3,item4\n"
            "\"a,b\",1970-01-01T00:00:00.000000Z,pss-4,1,,1,,3,4\nc,1970-01-01T00:00:00.000000Z,pss-4,1,,0,0,"
            "0,0\n");
  const Result<std::vector<Response>> again = read_text(*text);
  ASSERT_TRUE(again) << again.error().text();
  ASSERT_EQ(again->size(), 2);
  EXPECT_EQ((*again)[0].person, "a,b");
  EXPECT_EQ((*again)[0].answers, some[0].answers);
  EXPECT_THAT(with_responses(pss, some, {some[1]}, "x.csv").error().message,
              HasSubstr("nothing was written"));
}

TEST(Responses, BrokenFilesAreRefused) {
  const std::string titles = "person,time_utc,instrument,version,language,item1,item2,item3,item4\n";
  const auto message = [&](const std::string& lines) { return read_text(titles + lines).error().message; };
  EXPECT_THAT(message("a,2026-01-01T00:00Z,pss-10,1,,1,1,1,1\n"), HasSubstr("keep one questionnaire a file"));
  EXPECT_THAT(message("a,2026-01-01T00:00Z,pss-4,7,,1,1,1,1\n"), HasSubstr("under version 7"));
  EXPECT_THAT(message("a,2026-01-01T00:00,pss-4,1,,1,1,1,1\n"), HasSubstr("column time_utc"));
  EXPECT_THAT(message("a,2026-01-01T00:00Z,pss-4,1,,1,1,1,5\n"),
              HasSubstr("line 2, column item4: \"5\" is no answer from 0 to 4"));
  EXPECT_THAT(message("a,2026-01-01T00:00Z,pss-4,1,,1,1,1,1\na,2026-01-01T00:00Z,pss-4,1,,2,1,1,1\n"),
              HasSubstr("line 3 repeats x.csv line 2"));
  EXPECT_THAT(message("a,2026-01-01T00:00Z,pss-4,1,,1,1,1\n"), HasSubstr("has 8 cells"));
  EXPECT_THAT(read_text("a,b\n").error().message, HasSubstr("no file of responses"));
}

Result<Wording> wording_of(const std::string& text) {
  return read_wording(std::make_unique<std::istringstream>(text), "w.csv", shipped("pss-4"));
}

TEST(Wordings, AreReadWholeAndNeverQuotedInMessages) {
  const std::string items = "item,text\n1,SECRET one\n2,\"SECRET, two\"\n3,SECRET three\n";
  const std::string labels = "answer 0,never\nanswer 1,b\nanswer 2,c\nanswer 3,d\nanswer 4,often\n";
  const Result<Wording> wording = wording_of(items + "4,SECRET four\ninstruction,Think\n" + labels);
  ASSERT_TRUE(wording) << wording.error().text();
  EXPECT_EQ(wording->items[1], "SECRET, two");
  EXPECT_EQ(wording->answers[4], "often");
  EXPECT_EQ(wording_csv(shipped("pss-4"), *wording),
            items.substr(0, 10) +
                "1,SECRET one\n2,\"SECRET, two\"\n3,SECRET three\n4,SECRET four\ninstruction,Think\n" +
                labels);
  for (const std::string& more :
       {std::string(), std::string("4,\n"), std::string("4,SECRET four\n4,SECRET again\n"),
        std::string("5,SECRET five\n"), std::string("SECRET,x\n"),
        std::string("4,SECRET four\nanswer 0,never\n"), std::string("4,SECRET,four\n")}) {
    const Result<Wording> broken = wording_of(items + more);
    ASSERT_FALSE(broken) << more;
    EXPECT_THAT(broken.error().text(), AllOf(HasSubstr("w.csv"), Not(HasSubstr("SECRET"))));
  }
}

TEST(Wordings, OwnOnesAreThereAndImportedOnesWin) {
  const std::filesystem::path data = std::filesystem::path(::testing::TempDir()) / "surveys_wording_test";
  const Instrument& checkin = shipped("checkin");
  EXPECT_EQ(languages_of(data, checkin), (std::vector<std::string>{"de", "en", "es"}));
  const Result<std::optional<Wording>> own = find_wording(data, checkin, "de");
  ASSERT_TRUE(own && *own);
  EXPECT_EQ((*own)->items.size(), 6);
  const Result<std::optional<Wording>> none = find_wording(data, shipped("pss-4"), "de");
  ASSERT_TRUE(none);
  EXPECT_FALSE(*none);
  EXPECT_TRUE(check_language("en-GB"));
  EXPECT_FALSE(check_language("../x"));
}

}  // namespace
}  // namespace pyro::surveys
