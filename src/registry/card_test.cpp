#include "pyro/registry/card.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "card_parts.hpp"

namespace pyro::registry {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Json record() {
  return Json::parse(R"({
    "schema": 1, "name": "ward3", "version": "1.1.0", "task": "reads <expressions> | faces", "licence": "MIT",
    "parent": "expression@1.0.0", "classes": ["angry", "happy"], "parameters": 948590,
    "data": {"description": "own pictures", "fingerprint": "f00", "counts": {"fit": {"angry": 1200, "happy": 34}}},
    "training": {"learning_rate": 0.06, "seed": 1},
    "metrics": {"product": {"held_out": {"n": 3309, "accuracy": 0.6685, "accuracy_95": [0.6519, 0.6839],
                                         "macro_f1": 0.61325, "recall": [0.5, 1.0]}}},
    "speed": {"median_ms": [0.83, 1.11]}, "limits": {"text": "small set"},
    "files": {"graph": {"path": "model.xml", "bytes": 41175, "sha256": "aaa"}}})");
}

TEST(Card, FiguresStandWithTheirIntervalsAndN) {
  const std::string card = card_markdown(record());
  EXPECT_THAT(card, HasSubstr("| product, held out | 3,309 | 66.85 % (65.19 % to 68.39 %) | 0.6132 |"));
  EXPECT_THAT(card, HasSubstr("| product, held out | 50.00 % | 100.00 % |"));
  EXPECT_THAT(card, HasSubstr("| fit | 1,200 | 34 |"));
  EXPECT_THAT(card, HasSubstr("0.83 to 1.11"));
}

TEST(Card, SaysWhatItIsNotWhatIsMissingAndWhereItCameFrom) {
  const std::string card = card_markdown(record());
  EXPECT_THAT(card, HasSubstr("Not a diagnosis"));
  EXPECT_THAT(card, HasSubstr("small set"));
  EXPECT_THAT(card, HasSubstr("## Calibration\n\nNot measured for this version."));
  EXPECT_THAT(card, HasSubstr("## By group of people\n\nNot measured for this version."));
  EXPECT_THAT(card, HasSubstr("| made from | expression@1.0.0 |"));
  EXPECT_THAT(card, HasSubstr("f00"));
  EXPECT_THAT(card, HasSubstr("| model.xml | 41,175 | aaa |"));
  EXPECT_THAT(card, HasSubstr("No self-test is recorded"));
}

TEST(Card, TextIsNeverMarkup) {
  EXPECT_THAT(card_markdown(record()), HasSubstr(R"(reads \<expressions\> \| faces)"));
  const std::string page = card_page(record()).text();
  EXPECT_THAT(page, HasSubstr("reads &lt;expressions&gt; | faces"));
  EXPECT_THAT(page, Not(HasSubstr("<expressions>")));
}

TEST(Card, OfAnEmptyRecordSaysThatNothingIsRecorded) {
  const std::string card = card_markdown({{"schema", 1}, {"name", "a"}, {"version", "1.0.0"}});
  EXPECT_THAT(card, HasSubstr("# Model card: a 1.0.0"));
  EXPECT_THAT(card, HasSubstr("## How well it does\n\nNot recorded."));
}

TEST(Card, ValuesAreShownAsPeopleReadThem) {
  EXPECT_EQ(shown("accuracy", 0.6685), "66.85 %");
  EXPECT_EQ(shown("learning_rate", 0.06), "0.06");
  EXPECT_EQ(shown("n", 28709), "28,709");
  EXPECT_EQ(shown("shape", Json{1, 1, 48, 48}), "1, 1, 48, 48");
  EXPECT_EQ(shown("passes", true), "yes");
  EXPECT_EQ(shown("ece", Json{0.01, 0.03}), "1.00 % to 3.00 %");
}

}  // namespace
}  // namespace pyro::registry
