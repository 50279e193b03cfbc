#include "pyro/html/page.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>

#include "pyro/base/notice.hpp"
#include "pyro/html/charts.hpp"
#include "pyro/html/table.hpp"
#include "xml_test_support.hpp"

namespace pyro::html {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// What a data set's file names and labels may hold.
const std::string kHostile = "</style><script>alert(\"1\")</script> & 'x' ]]> <!-- \x01\x0b \xff\xc0\xaf";
const std::string kHostileRead =
    "</style><script>alert(\"1\")</script> & 'x' ]]> <!-- \xEF\xBF\xBD\xEF\xBF\xBD "
    "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD";

TEST(Escape, LeavesNoWayOutOfTextAndAttributes) {
  EXPECT_EQ(escape("<a href=\"x\">'&'</a>"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
  EXPECT_EQ(escape("naïve – 日本 😀"), "naïve – 日本 😀");
  const std::string bad = "\xEF\xBF\xBD";
  EXPECT_EQ(escape("a\x01"
                   "b"),
            "a" + bad + "b");
  EXPECT_EQ(escape("\xc3"), bad) << "cut off";
  EXPECT_EQ(escape("\xed\xa0\x80"), bad + bad + bad) << "a surrogate";
  EXPECT_EQ(escape("\xef\xbf\xbf"), bad + bad + bad) << "no character of XML";
  EXPECT_EQ(escape("\xf4\x90\x80\x80"), bad + bad + bad + bad) << "beyond Unicode";
}

TEST(Numbers, AreWrittenForReaders) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(28709), "28,709");
  EXPECT_EQ(grouped(-1234567), "-1,234,567");
  EXPECT_EQ(fixed(0.5, 0), "0");
  EXPECT_EQ(fixed(-0.001, 2), "0.00") << "no negative zero";
  EXPECT_EQ(fixed(12.345, 2), "12.35");
  EXPECT_EQ(fixed(0.0 / 0.0, 2), "–");
  EXPECT_EQ(fixed(1e308, 1).size(), 311U);
}

Page hostile_page() {
  Page page(kHostile, kHostile, Shows::scores);
  const std::vector<std::uint8_t> grey(4, 7);
  const Raster raster{grey, 2, 2, 1};
  page.section(kHostile, kHostile).add(paragraph(kHostile)).add(warning(kHostile)).add(verbatim(kHostile));
  page.add(subheading(kHostile, kHostile)).add(folded(kHostile, paragraph(kHostile)));
  page.add(tiles({{kHostile, kHostile, kHostile}}));
  page.add(table({kHostile, {Cell(kHostile, kHostile)}, {{Cell(kHostile, kHostile)}}}));
  page.add(matrix({kHostile, kHostile, kHostile, {kHostile}, {kHostile}, {{3}}, {{kHostile}}}));
  page.section(kHostile, "b")
      .add(beside({chart(LineChart{
                       kHostile, {kHostile}, {kHostile}, {{kHostile, {1}, {2}, {}, {}}}, {{1, kHostile}}}),
                   chart(BarChart{kHostile, {kHostile}, {kHostile}, {{kHostile, {1}, {}, {}}}})}));
  page.section(kHostile, "c")
      .add(chart(Scatter{kHostile, {kHostile}, {kHostile}, {{kHostile}}, {{1, 2, 0, kHostile}}, {raster}}));
  page.add(picture_grid({{kHostile, kHostile, kHostile, Tint::sad, kHostile}}))
      .add(picture({kHostile, kHostile, kHostile}));
  page.add(picture_groups({{{kHostile, kHostile, kHostile}}, {}}));
  return page;
}

TEST(Page, IsWellFormedWhateverTextItShows) {
  const Xml xml(hostile_page().text());
  ASSERT_TRUE(xml.well_formed());
  EXPECT_THAT(xml.find(any("h1")), ElementsAre(kHostileRead));
  EXPECT_THAT(xml.find(any("p")), Contains(kHostileRead));
  EXPECT_THAT(xml.find(any("td") + "/*[local-name()='a']/@href"), Contains(kHostileRead));
  EXPECT_THAT(xml.find(any("circle") + "/*[local-name()='title']"), Contains(kHostileRead));
  EXPECT_THAT(xml.find(any("img") + "/@title"), Contains(kHostileRead));
  EXPECT_EQ(xml.find(any("script")).size(), 1U) << "the page's own";
  EXPECT_EQ(xml.find(any("style")).size(), 1U);
}

TEST(Page, LoadsNothingFromOutside) {
  const std::vector<std::uint8_t> grey(4, 7);
  Page page("t", "", Shows::data);
  page.section("s").add(picture_grid({{png_data_uri({grey, 2, 2, 1}), "a"}}));
  page.add(chart(Scatter{"s", {}, {}, {{"g"}}, {{1, 2, 0, "x"}}, {{grey, 2, 2, 1}}}));
  const std::string text = page.text();
  const Xml xml(text);
  ASSERT_TRUE(xml.well_formed());
  for (const std::string& source : xml.find("//@src"))
    EXPECT_EQ(source.rfind("data:image/png;base64,", 0), 0U);
  EXPECT_TRUE(xml.find(any("link")).empty());
  std::string rest = text;
  for (const char* name : {"http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg"}) {
    for (std::size_t at = 0; (at = rest.find(name)) != std::string::npos;)
      rest.erase(at, std::string(name).size());
  }
  EXPECT_EQ(rest.find("http"), std::string::npos);
  EXPECT_EQ(rest.find("@import"), std::string::npos);
}

TEST(Page, SaysWhatItIsNotWhereItShowsScores) {
  EXPECT_THAT(Page("t", "", Shows::scores).text(), HasSubstr(kNotice));
  EXPECT_THAT(Page("t", "", Shows::data).text(), Not(HasSubstr(kNotice)));
  EXPECT_THAT(Page("t", "", Shows::data).text(), HasSubstr("<p>Pyrometer " PYRO_VERSION "</p>\n</footer>"));
}

TEST(Page, ReplacesItsFileOrSaysThatItCannot) {
  const auto file =
      std::filesystem::temp_directory_path() / ("pyro_page_" + std::to_string(::getpid()) + ".html");
  const Page page("t", "", Shows::data);
  std::ofstream(file) << "an earlier one";
  ASSERT_TRUE(page.write(file));
  std::ifstream in(file);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), page.text());
  std::filesystem::remove(file);
  const Status nowhere = page.write("/nowhere/page.html");
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, ErrorCode::failed);
  EXPECT_THAT(nowhere.error().message, HasSubstr("/nowhere/page.html"));
}

TEST(Table, FiguresStandRightUnderTheirHeading) {
  const Xml xml(
      table({"", {"class", "n"}, {{"happy", Cell::count(7215, "#happy")}, {"all", Cell::percent(0.5)}}, true})
          .markup);
  ASSERT_TRUE(xml.well_formed());
  EXPECT_THAT(xml.find("//th[@class='n']"), ElementsAre("n"));
  EXPECT_THAT(xml.find("//td[@class='n']"), ElementsAre("7,215", "50.0 %"));
  EXPECT_THAT(xml.find("//tr[@class='total']/td"), ElementsAre("all", "50.0 %"));
  EXPECT_THAT(xml.find("//td/a/@href"), ElementsAre("#happy"));
}

TEST(Matrix, ShadesByTheShareOfTheRow) {
  const Xml xml(
      matrix({"", "truth", "said", {"a", "b"}, {"a", "b"}, {{3, 1}, {0, 0}}, {{"", "#ab"}, {}}}).markup);
  ASSERT_TRUE(xml.well_formed());
  EXPECT_THAT(xml.find("//td/@style"), ElementsAre("--v:0.750", "--v:0.250", "--v:0.000", "--v:0.000"));
  EXPECT_THAT(xml.find("//td/@class"), ElementsAre("hot hit", "hit"));
  EXPECT_THAT(xml.find("//td/a"), ElementsAre("125.0 %"));
  EXPECT_THAT(xml.find("//td/a/@href"), ElementsAre("#ab"));
}

}  // namespace
}  // namespace pyro::html
