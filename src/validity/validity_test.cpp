#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <fstream>

#include "pyro/validity/report.hpp"
#include "pyro/validity/validation.hpp"

namespace pyro::validity {
namespace {

namespace fs = std::filesystem;

class Validity : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("pyro_validity_" + std::to_string(getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  [[nodiscard]] fs::path file(const std::string& text) const {
    std::ofstream(folder_ / "pairs.csv") << text;
    return folder_ / "pairs.csv";
  }
  [[nodiscard]] Result<std::vector<Validation>> run(const std::string& text, const PairColumns& columns = {},
                                                    ValidationSettings settings = {}) const {
    auto tables = read_pairs(file(text), columns);
    if (!tables) return tl::make_unexpected(tables.error());
    return validate_all(std::move(*tables), settings);
  }
  // That it is refused as bad input, in words that hold all of `words`.
  void refused(const std::string& text, const std::vector<std::string>& words,
               const PairColumns& columns = {}) const {
    const auto answer = run(text, columns);
    ASSERT_FALSE(answer) << text;
    EXPECT_EQ(answer.error().code, ErrorCode::bad_input);
    for (const std::string& word : words)
      EXPECT_NE(answer.error().message.find(word), std::string::npos) << answer.error().message;
  }

  fs::path folder_;
};

const std::string kPlain = "person,score,survey\na,41,60\nb,52.5,64\nc,38,66\nd,70,86\ne,60.5,71\n";
const std::string kSessions =
    "person,time,score,survey\n"
    "a,2026-01-05,40,50\na,2026-01-12,44,55\na,2026-01-19,43,51\na,2026-01-26,48,58\n"
    "b,2026-01-05,60,45\nb,2026-01-12,63,49\nb,2026-01-19,66,50\n"
    "c,2026-01-05,52,61\nc,2026-01-12,50,58\nc,2026-01-19,57,66\n"
    "d,2026-01-19,71,40\nd,2026-01-05,70,42\n";

TEST_F(Validity, OnePairAPerson) {
  const auto all = run(kPlain).value();
  ASSERT_EQ(all.size(), 1U);
  const Validation& v = all.front();
  EXPECT_EQ(v.n, 5U);
  EXPECT_FALSE(v.repeats);
  EXPECT_TRUE(v.permutation->exact);
  EXPECT_EQ(v.permutation->tried, 120);
  EXPECT_DOUBLE_EQ(*v.mean_abs_diff, (19 + 11.5 + 28 + 16 + 10.5) / 5);
  EXPECT_DOUBLE_EQ(v.bland_altman->bias.value, -17);
  EXPECT_FALSE(v.repeated);
  EXPECT_DOUBLE_EQ(v.p_holm, v.pearson.p);

  const auto json = to_json(all);
  EXPECT_EQ(json["n"], 5);
  for (const char* key : {"r", "low", "high", "p", "permutation_p"})
    EXPECT_TRUE(json["pearson"][key].is_number()) << key;
  EXPECT_TRUE(json["spearman"]["r"].is_number());
  EXPECT_TRUE(json["mean_abs_diff"].is_number());
  EXPECT_TRUE(json["bland_altman"]["bias"].is_number());
  EXPECT_TRUE(json["ccc"]["value"].is_number());
  EXPECT_TRUE(json["icc"]["icc_a_1"]["value"].is_number());
  EXPECT_TRUE(json["repeated_measures"].is_null());
}

TEST_F(Validity, SessionsOfAPersonAreNotPooledAsIfIndependent) {
  const auto all = run(kSessions).value();
  const Validation& v = all.front();
  EXPECT_TRUE(v.repeats);
  EXPECT_EQ(v.persons, 4U);
  // The two rise together within each person, and fall between persons.
  EXPECT_GT(v.repeated->within->r, 0.8);
  EXPECT_LT(v.repeated->between->r, 0);
  EXPECT_GT(v.repeated->mixed->within.value, 0);
  EXPECT_LT(v.repeated->mixed->between.value, 0);
  EXPECT_DOUBLE_EQ(v.p(), v.repeated->within->p);
  EXPECT_EQ(v.repeated->retest.sessions, 2U);
  EXPECT_EQ(v.repeated->retest.persons, 4U);
  // In the order of time, not of the file.
  EXPECT_EQ(v.table.pairs.front().person, "a");
  EXPECT_EQ(v.table.pairs[3].person, "d");
  EXPECT_DOUBLE_EQ(v.table.pairs[3].score, 70);

  const auto json = to_json(all);
  EXPECT_TRUE(json["pearson"]["pooled"].get<bool>());
  for (const char* key : {"low", "high", "p", "permutation_p"})
    EXPECT_TRUE(json["pearson"][key].is_null()) << key;
  EXPECT_TRUE(json["ccc"].is_null());
  EXPECT_NE(json["why_not"]["ccc"].get<std::string>().find("persons repeat"), std::string::npos);
  EXPECT_TRUE(json["repeated_measures"]["rmcorr"]["r"].is_number());
  const std::string page = page_of(all).text();
  EXPECT_NE(page.find("Persons repeat in this table"), std::string::npos);
  EXPECT_NE(page.find("Over time, person by person"), std::string::npos);
  EXPECT_NE(page.find("Not a diagnosis"), std::string::npos);
}

// What a page says in another language rests on the same numbers as the report's sentence.
TEST_F(Validity, EverySentenceHasItsNumbersBesideIt) {
  const auto said = [](const nlohmann::ordered_json& json) {
    std::string all;
    EXPECT_EQ(json["findings"].size(), json["statements"].size());
    for (const auto& statement : json["statements"]) all += statement["what"].get<std::string>() + " ";
    return all;
  };
  const auto plain = to_json(run(kPlain).value());
  EXPECT_EQ(said(plain), "correlation openness agreement power ");
  const auto& first = plain["statements"][0];
  EXPECT_EQ(first["r"], plain["pearson"]["r"]);
  EXPECT_EQ(first["permutation"]["tried"], 120);
  EXPECT_EQ(plain["statements"][1]["shows"], "nothing");
  EXPECT_NE(plain["findings"][1].get<std::string>().find("holds 0"), std::string::npos);
  EXPECT_EQ(plain["statements"][2]["limits"]["bias"], -17.0);
  EXPECT_NE(plain["findings"][2].get<std::string>().find("17.00 points below"), std::string::npos);

  const auto repeated = to_json(run(kSessions).value());
  EXPECT_EQ(said(repeated), "pooled within between agreement power ");
  EXPECT_EQ(repeated["statements"][1]["r"], repeated["repeated_measures"]["rmcorr"]["r"]);
  EXPECT_EQ(said(to_json(run("person,score,survey\na,1,2\na,2,4\na,3,5\na,4,9\n").value())),
            "pooled within between_unknown agreement no_power ");
}

TEST_F(Validity, OnePersonAloneSaysSomethingWithinAndNothingBetween) {
  const auto v = run("person,score,survey\na,1,2\na,2,4\na,3,5\na,4,9\n").value().front();
  EXPECT_TRUE(v.repeated->within);
  EXPECT_FALSE(v.repeated->between);
  EXPECT_NE(v.repeated->between.why_not.find("at least 3"), std::string::npos);
  EXPECT_FALSE(v.repeated->mixed);
}

TEST_F(Validity, GroupsApartAndCorrected) {
  const auto v = run("person,score,survey,group\na,1,2,x\nb,2,4,x\nc,3,5,x\nd,4,9,x\n"
                     "e,4,2,y\nf,3,3,y\ng,1,5,y\nh,2,2,y\ni,4,4,z\n")
                     .value()
                     .front();
  ASSERT_EQ(v.groups.size(), 3U);
  EXPECT_EQ(v.groups[0].name, "x");
  EXPECT_GT(v.groups[0].pearson->r, 0.9);
  EXPECT_DOUBLE_EQ(v.groups[0].p_holm, std::min(1.0, 2 * v.groups[0].pearson->p));  // two that have a p
  EXPECT_FALSE(v.groups[2].pearson);
  EXPECT_NE(v.groups[2].pearson.why_not.find("at least 3"), std::string::npos);
}

TEST_F(Validity, EachScoreWithEachSurvey) {
  PairColumns columns;
  columns.person = "id";
  columns.scores = {"ex", "cy"};
  columns.surveys = {"cesd"};
  ValidationSettings settings;
  settings.same_unit = false;
  const auto all = run("id;ex;cesd;cy\n1;.5;3;1\n2;2;2;2\n3;1;4;2.5\n4;3;6;1\n", columns, settings).value();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1].table.score, "cy");
  EXPECT_DOUBLE_EQ(all[0].table.pairs[0].score, 0.5);
  EXPECT_GE(all[0].p_holm, all[0].pearson.p);
  EXPECT_FALSE(all[0].mean_abs_diff);
  const auto json = to_json(all);
  EXPECT_EQ(json["comparisons"].size(), 2U);
  EXPECT_TRUE(json["comparisons"][0]["bland_altman"].is_null());
  EXPECT_NE(json["comparisons"][0]["why_not"]["ccc"].get<std::string>().find("units"), std::string::npos);
}

TEST_F(Validity, TimesAreDaysInUtc) {
  PairTable table = read_pairs(file("person,time,score,survey\n"
                                    "a,1970-01-02T12:00,1,2\na,1970-01-02 12:00:00.000+12:00,2,3\n"
                                    "b,1970-01-02T12:00-1200,4,5\nb,1970-01-04,6,7\n"),
                               {})
                        .value()
                        .front();
  ASSERT_EQ(table.pairs.size(), 4U);
  EXPECT_TRUE(table.dated);
  const double days[] = {1, 1.5, 2, 3};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(table.pairs[i].when, days[i]);
}

TEST_F(Validity, BadTablesAreRefusedInWords) {
  refused("", {"empty"});
  refused("person,score,survey\n", {"no rows"});
  refused("person,score\na,1\n", {"no column 'survey'", "person, score", "--survey"});
  refused("person,score,score,survey\na,1,1,2\n", {"several columns 'score'"});
  refused("person,score,survey\na,1,2\nb,2,3\n", {"2 pairs", "at least 3"});
  refused("person,score,survey\na,5,2\nb,5,3\nc,5,4\n", {"'score'", "same in all 3", "undefined"});
  refused("person,score,survey\na,1,2\nb,2,2\nc,3,2\n", {"'survey'", "undefined"});
  refused("person,score,survey\na,1,2\nb,nan,3\nc,3,4\n", {"line 3", "'nan'", "finite"});
  refused("person,score,survey\na,1,2\nb,2,inf\nc,3,4\n", {"line 3", "'survey'", "'inf'"});
  refused("person,score,survey\na,1,2\nb,1e999,3\nc,3,4\n", {"line 3", "no number"});
  refused("person,score,survey\na,1,2\nb,37.2%,3\nc,3,4\n", {"line 3", "37.2%", "percent"});
  refused("person,score,survey\na,1,2\nb,,3\nc,3,4\n", {"line 3", "empty", "--skip-missing"});
  refused("person,score,survey\na,1,2\n,2,3\nc,3,4\n", {"line 3", "person is empty"});
  refused("person,score,survey\na,1,2\nb,2\nc,3,4\n", {"line 3", "2 cells"});
  refused("person,score,survey\na,1,2\nb,2,3\na,1,2\nc,3,9\n", {"line 4", "person 'a'", "line 2"});
  refused("person,session,score,survey\na,1,1,2\nb,1,2,3\na,1,4,2\nc,1,3,9\n",
          {"line 4", "session '1'", "line 2"});
  refused("person,time,score,survey\na,2026-02-30,1,2\nb,2026-01-01,2,3\n", {"line 2", "2026-02-30"});
  refused("person,time,score,survey\na,3,1,2\nb,2026-01-01,2,3\n", {"line 3", "like the others"});
  refused("person,time,score,survey\na,2026-01-01T10:00:60,1,2\nb,2026-01-01,2,3\n", {"line 2", "10:00:60"});
  const std::string mixed = "person,score,survey,instrument\na,1,2,MBI\nb,2,3,MBI\nc,3,5,MBI\nd,3,4,OLBI\n";
  refused(mixed, {"MBI, OLBI", "--instrument"});
  PairColumns columns;
  columns.instrument = "CBI";
  refused(mixed, {"'CBI'", "MBI, OLBI"}, columns);
  columns.instrument = "MBI";
  EXPECT_EQ(run(mixed, columns)->front().n, 3U);
  EXPECT_EQ(run(mixed, columns)->front().table.instrument, "MBI");
  EXPECT_FALSE(read_pairs(folder_ / "none.csv", {}));
  EXPECT_FALSE(read_pairs(folder_, {}));
}

TEST_F(Validity, MissingValuesAreLeftOutOnlyWhenAsked) {
  PairColumns columns;
  columns.skip_missing = true;
  const auto v = run("person,score,survey\na,1,2\nb,,3\nc,3,4\nd,2,1\n", columns).value().front();
  EXPECT_EQ(v.n, 3U);
  EXPECT_EQ(v.table.left_out, 1U);
  EXPECT_NE(text_of({v}).find("a value is missing, as asked: 1"), std::string::npos);
}

TEST_F(Validity, ThePublishedCase) {
  const Summary s = judge(0.904, 5).value();
  EXPECT_NEAR(s.interval.low, 0.11, 0.01);
  EXPECT_NEAR(s.interval.high, 0.99, 0.005);
  EXPECT_NEAR(s.p, 0.035, 0.001);
  const std::string text = text_of(s);
  EXPECT_NE(text.find("does not show"), std::string::npos);
  EXPECT_NE(text.find("Not a diagnosis"), std::string::npos);
  EXPECT_NE(page_of(s).text().find("Not a diagnosis"), std::string::npos);
  EXPECT_TRUE(to_json(s)["pearson"]["low"].is_number());
  EXPECT_EQ(judge(0.9, 2).error().code, ErrorCode::wrong_use);
  EXPECT_EQ(judge(1, 9).error().code, ErrorCode::wrong_use);
  EXPECT_EQ(judge(1.5, 9).error().code, ErrorCode::wrong_use);
  EXPECT_EQ(judge(std::nan(""), 9).error().code, ErrorCode::wrong_use);
}

}  // namespace
}  // namespace pyro::validity
