// Another opinion on our PDFs: poppler reads them.
#include "pyro/pdf/write_pdf.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>

#include "pyro/base/notice.hpp"
#include "pyro/html/charts.hpp"
#include "pyro/html/pictures.hpp"
#include "pyro/html/table.hpp"

namespace pyro::pdf {
namespace {

using html::Cell;
using html::Page;
using html::Shows;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen((command + " 2>&1").c_str(), "r"), pclose);
  std::string out;
  std::array<char, 4096> part{};
  for (std::size_t got = 0; (got = fread(part.data(), 1, part.size(), pipe.get())) > 0;)
    out.append(part.data(), got);
  return out;
}

// A page's PDF as a file, and what poppler says of it.
class Paper {
 public:
  explicit Paper(const Page& page, const std::string& name = "page")
      : file_(std::filesystem::temp_directory_path() /
              ("pyro_pdf_" + name + "_" + std::to_string(::getpid()) + ".pdf")) {
    const Status written = write_pdf(page, file_);
    EXPECT_TRUE(written) << written.error().text();
    // For those who want to look: PYROMETER_KEEP_PDF=folder.
    if (const char* keep = std::getenv("PYROMETER_KEEP_PDF"))
      std::filesystem::copy_file(file_, std::filesystem::path(keep) / (name + ".pdf"),
                                 std::filesystem::copy_options::overwrite_existing);
  }
  ~Paper() { std::filesystem::remove(file_); }
  Paper(const Paper&) = delete;
  Paper& operator=(const Paper&) = delete;

  // The text of each sheet, in the order in which it is read.
  [[nodiscard]] std::vector<std::string> sheets(const std::string& how = "") const {
    std::vector<std::string> sheets;
    std::istringstream all(output_of("pdftotext " + how + " " + file_.string() + " -"));
    for (std::string sheet; std::getline(all, sheet, '\f');) {
      if (!sheet.empty()) sheets.push_back(sheet);
    }
    return sheets;
  }
  [[nodiscard]] std::string all(const std::string& how = "") const {
    std::string text;
    for (const std::string& sheet : sheets(how)) text += sheet;
    return text;
  }
  [[nodiscard]] std::string told_by(const std::string& program) const {
    return output_of(program + " " + file_.string());
  }

 private:
  std::filesystem::path file_;
};

UtcTime time_of(long long seconds) {
  return UtcTime{std::chrono::seconds{seconds}};
}

Page long_page(Shows shows) {
  Page page("Scores of a long session", "one person, 200 minutes", shows);
  page.section("Figures", "figures").add(html::paragraph("A first word on what follows."));
  html::Table table{"Minute by minute", {"minute", "what moved the score", "S"}, {}, true};
  for (int i = 0; i < 200; ++i)
    table.rows.push_back({Cell::count(i), "happy and neutral", Cell::value(0.01 * i, 2)});
  table.rows.push_back({"all", "", Cell::value(1.5, 2)});
  page.add(html::table(table));
  page.section("Course", "course");
  std::vector<double> x, y, low, high;
  for (int i = 0; i < 60; ++i) {
    x.push_back(i), y.push_back(std::sin(i / 9.0)), low.push_back(y.back() - 0.2),
        high.push_back(y.back() + 0.2);
  }
  page.add(html::chart(html::LineChart{"Score over time",
                                       {"time, min"},
                                       {"S"},
                                       {{"score", x, y, low, high, html::Tint::sad},
                                        {"baseline", {0, 59}, {0, 0}, {}, {}, html::Tint::muted, true}},
                                       {{30, "pause"}}}));
  page.section("Notes", "notes").add(html::verbatim("pyrometer analyze clip.mp4\n  --out results"));
  page.add(html::folded("Details", html::paragraph("Open on paper.")));
  return page;
}

TEST(Pdf, SaysOnEverySheetWhatItIs) {
  const Paper paper(long_page(Shows::scores), "long");
  const auto sheets = paper.sheets();
  ASSERT_GE(sheets.size(), 4U);
  for (std::size_t i = 0; i < sheets.size(); ++i) {
    EXPECT_THAT(sheets[i], HasSubstr(kNotice));
    EXPECT_THAT(sheets[i], HasSubstr("Pyrometer " PYRO_VERSION));
    EXPECT_THAT(sheets[i],
                HasSubstr("page " + std::to_string(i + 1) + " of " + std::to_string(sheets.size())));
    EXPECT_THAT(sheets[i], HasSubstr("Scores of a long session"));
  }
  EXPECT_THAT(paper.told_by("pdfinfo"),
              AllOf(HasSubstr("A4"), HasSubstr("Title:           Scores of a long session"),
                    HasSubstr("Creator:         Pyrometer " PYRO_VERSION), HasSubstr("Tagged:          yes"),
                    HasSubstr("JavaScript:      no")));
  EXPECT_THAT(Paper(long_page(Shows::data)).all(), Not(HasSubstr(kNotice)));
}

TEST(Pdf, HoldsAllThatThePageHolds) {
  const Paper paper(long_page(Shows::scores));
  const std::string text = paper.all();
  for (const char* words :
       {"one person, 200 minutes", "A first word on what follows.", "Minute by minute", "Score over time",
        "baseline", "time, min", "pause", "Details", "Open on paper.", "pyrometer analyze clip.mp4"})
    EXPECT_THAT(text, HasSubstr(words));
  for (int i = 0; i < 200; ++i) EXPECT_THAT(text, HasSubstr(html::fixed(0.01 * i, 2)));
  // Fonts are embedded, and nothing was turned into a picture of itself.
  EXPECT_THAT(paper.told_by("pdffonts"), AllOf(HasSubstr("yes yes yes"), Not(HasSubstr("no  no"))));
  EXPECT_EQ(paper.told_by("pdfimages -list").find("image", 60), std::string::npos)
      << paper.told_by("pdfimages -list");
}

TEST(Pdf, ATablesHeadingStandsOnEachOfItsSheets) {
  const Paper paper(long_page(Shows::scores));
  std::size_t with_rows = 0;
  for (const std::string& sheet : paper.sheets("-layout")) {
    const bool rows = sheet.find("happy and neutral") != std::string::npos;
    with_rows += rows ? 1 : 0;
    EXPECT_EQ(rows, sheet.find("what moved the score") != std::string::npos) << sheet;
  }
  EXPECT_GE(with_rows, 4U);
}

TEST(Pdf, TheSamePageGivesTheSameBytes) {
  const auto once = pdf_of(long_page(Shows::scores), time_of(1'700'000'000));
  const auto again = pdf_of(long_page(Shows::scores), time_of(1'700'000'000));
  const auto later = pdf_of(long_page(Shows::scores), time_of(1'700'000'001));
  ASSERT_TRUE(once && again && later);
  EXPECT_TRUE(*once == *again);
  EXPECT_FALSE(*once == *later);
  ::setenv("SOURCE_DATE_EPOCH", "1700000000", 1);
  EXPECT_THAT(Paper(long_page(Shows::scores)).told_by("TZ=UTC pdfinfo"),
              HasSubstr("Tue Nov 14 22:13:20 2023"));
  ::setenv("SOURCE_DATE_EPOCH", "yesterday", 1);
  EXPECT_EQ(write_pdf(long_page(Shows::data), "/nowhere/page.pdf").error().code, ErrorCode::wrong_use);
  ::unsetenv("SOURCE_DATE_EPOCH");
}

// What file names, labels and keywords may hold.
TEST(Pdf, HostileTextIsOnlyText) {
  const std::string hostile =
      "</p><script>alert(\"1\")</script> & 'x' ]]> (\\) \x01 \xff\xc0\xaf <b markup='1'>%s</b> \xE2\x80\xAE"
      "abc name='x' dest='nowhere'";
  const std::string long_word(5000, 'W'), much = [] {
    std::string words;
    for (int i = 0; i < 3000; ++i) words += "word" + std::to_string(i) + " ";
    return words;
  }();
  const std::vector<std::uint8_t> grey(9000, 99);
  const html::Raster strip{grey, 3, 3000, 1};
  Page page(hostile, hostile, Shows::scores);
  page.section(hostile, hostile).add(html::paragraph(hostile)).add(html::warning(hostile + much));
  page.add(html::verbatim(hostile + long_word)).add(html::subheading(hostile, "x' y='"));
  page.add(html::folded(hostile, html::paragraph(much)));
  page.add(html::tiles({{hostile, hostile, hostile}, {long_word.substr(0, 300), "", ""}}));
  page.add(html::table({hostile,
                        {Cell(hostile, "#x' y='"), Cell(hostile, "#nowhere"), hostile},
                        {{Cell(hostile, "#" + hostile), much, long_word}, {}, {Cell::value(1, 2)}}}));
  page.add(html::table({"no column", {}, {}}));
  page.add(html::matrix({hostile, hostile, hostile, {hostile}, {hostile}, {{3}}, {{hostile}}}));
  page.add(html::matrix({"", "", "", {}, {}, {}}));
  page.section(hostile, hostile).add(html::beside({}));
  page.add(
      html::beside({html::chart(html::LineChart{
                        hostile, {hostile}, {hostile}, {{hostile, {1}, {2}, {}, {}}}, {{1, hostile}}}),
                    html::chart(html::BarChart{hostile, {hostile}, {hostile}, {{hostile, {1}, {}, {}}}})}));
  page.add(html::chart(html::LineChart{"none", {}, {}, {}, {}, false, {4000, 9000}}));
  page.add(html::picture_grid({{hostile, hostile, hostile, html::Tint::sad, hostile},
                               {html::png_data_uri(strip), much},
                               {"data:image/png;base64,AAAA", "no picture"}}));
  page.add(html::picture({html::png_data_uri(strip), much})).add(html::picture({"x.png", ""}));
  page.add(html::picture_groups({{{hostile, hostile, hostile}}, {}}));
  const Paper paper(page, "hostile");
  const std::string text = paper.all();
  EXPECT_THAT(text, HasSubstr("<script>alert(\"1\")</script>"));
  EXPECT_THAT(text, HasSubstr("word2999"));
  EXPECT_EQ(std::ranges::count(text, 'W') >= 5000, true);
  EXPECT_THAT(paper.told_by("pdfinfo -js"), Not(HasSubstr("alert")));
  for (const std::string& sheet : paper.sheets()) EXPECT_THAT(sheet, HasSubstr("Not a diagnosis"));
}

TEST(Pdf, NothingIsDrawnBeyondTheMargins) {
  Page page("Wide", "", Shows::data);
  html::Table wide{"", {}, {}};
  std::vector<Cell> row;
  for (int i = 0; i < 24; ++i) {
    wide.header.emplace_back("heading " + std::to_string(i));
    row.push_back(Cell::value(1234.5678 + i, 4));
  }
  wide.rows.assign(3, row);
  page.section("s").add(html::table(wide));
  page.add(
      html::chart(html::LineChart{"t", {}, {}, {{"a", {0, 1}, {0, 1}, {}, {}}}, {}, false, {2400, 400}}));
  const Paper paper(page, "wide");
  // Words with their boxes: <word xMin="…" yMin="…" xMax="…" yMax="…">
  std::istringstream boxes(paper.all("-bbox"));
  int words = 0;
  for (std::string line; std::getline(boxes, line);) {
    double left = 0, top = 0, right = 0, bottom = 0;
    if (std::sscanf(line.c_str(), " <word xMin=\"%lf\" yMin=\"%lf\" xMax=\"%lf\" yMax=\"%lf\">", &left, &top,
                    &right, &bottom) != 4)
      continue;
    ++words;
    EXPECT_GE(left, 50) << line;
    EXPECT_LE(right, 595.3 - 50) << line;
    EXPECT_LE(bottom, 842 - 20) << line;
  }
  EXPECT_GT(words, 80);
}

TEST(Pdf, AHeadingIsNotLeftAloneBelow) {
  // Whatever stands before it.
  for (int before = 0; before < 70; ++before) {
    Page page("t", "", Shows::data);
    page.section("");
    for (int i = 0; i < before; ++i) page.add(html::paragraph("line"));
    page.add(html::subheading("heading")).add(html::table({"caption", {"head"}, {{"cell"}, {"cell"}}}));
    for (const std::string& sheet : Paper(page).sheets()) {
      EXPECT_EQ(sheet.find("heading") != std::string::npos, sheet.find("cell") != std::string::npos)
          << before;
      if (sheet.find("caption") != std::string::npos) {
        EXPECT_THAT(sheet, HasSubstr("cell")) << before;
      }
    }
    before += 4;
  }
}

TEST(Pdf, ReplacesItsFileOrSaysThatItCannot) {
  const Status nowhere = write_pdf(Page("t", "", Shows::data), "/nowhere/page.pdf");
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, ErrorCode::failed);
  EXPECT_THAT(nowhere.error().message, HasSubstr("/nowhere/page.pdf"));
  EXPECT_THAT(Paper(Page("", "", Shows::data)).all(), HasSubstr("page 1 of 1"));
}

}  // namespace
}  // namespace pyro::pdf
