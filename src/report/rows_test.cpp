#include "pyro/report/rows.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <bit>
#include <charconv>
#include <cstdlib>
#include <ctime>
#include <nlohmann/json.hpp>
#include <set>

#include "pyro/report/session_table.hpp"
#include "test_support.hpp"

namespace pyro::report {
namespace {

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> cells{""};
  for (const char c : line) {
    if (c == '\n') break;
    if (c == ',') {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  return cells;
}

std::string csv(const records::Observation& row) {
  std::string out;
  append_csv(out, frame_columns(), row);
  return out;
}

TEST(FrameColumns, BeginAsOtherProgramsRelyOn) {
  std::string header;
  append_csv_header(header, frame_columns());
  EXPECT_TRUE(header.starts_with(
      "frame,time_s,utc,face_id,valid,reason,angry,disgust,fear,happy,sad,surprise,neutral,eye_openness,"
      "mouth_openness,perclos,yaw_deg,pitch_deg,roll_deg,score,index,box_x,"))
      << header;
  EXPECT_TRUE(header.ends_with(",bs__neutral,bs_browDownLeft,bs_browDownRight,bs_browInnerUp," +
                               header.substr(header.find("bs_browOuterUpLeft"))));
  std::set<std::string_view> names;
  for (const auto& column : frame_columns()) {
    EXPECT_TRUE(names.insert(column.name).second) << column.name;
    EXPECT_FALSE(column.description.empty()) << column.name;
  }
}

TEST(Csv, AFrameWithoutAFaceSaysOnlyWhy) {
  std::string expected = "5,0.16683350016683351,1970-01-01T00:00:00.000000Z,,0,no_face";
  expected.append(frame_columns().size() - 6, ',');
  EXPECT_EQ(csv(nobody(5)), expected + "\n");
}

TEST(Csv, EveryCellIsOfItsColumnsTypeAndReadsBack) {
  score::Scorer scorer{score::ScoreSettings{}};
  for (std::int64_t frame = 0; frame < 200; ++frame) {
    const records::Observation row = sample(frame, scorer);
    const std::vector<std::string> cells = split(csv(row));
    ASSERT_EQ(cells.size(), frame_columns().size());
    double sum = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const auto& column = frame_columns()[i];
      const Cell cell = column.read(row, column.which);
      if (cell.index() == 0) {
        EXPECT_EQ(cells[i], "");
        continue;
      }
      ASSERT_EQ(cell.index(), static_cast<std::size_t>(column.type) + 1) << column.name;
      if (const double* exact = std::get_if<double>(&cell)) {
        EXPECT_EQ(std::bit_cast<std::uint64_t>(std::strtod(cells[i].c_str(), nullptr)),
                  std::bit_cast<std::uint64_t>(*exact));
        if (i >= 6 && i < 13) sum += *exact;
      }
      if (const float* exact = std::get_if<float>(&cell)) {
        EXPECT_EQ(std::bit_cast<std::uint32_t>(std::strtof(cells[i].c_str(), nullptr)),
                  std::bit_cast<std::uint32_t>(*exact));
      }
    }
    if (row.valid) {
      EXPECT_NEAR(sum, 1, 1e-6);
    }
  }
}

TEST(Csv, ARowCostsLessThanATwentiethOfAMillisecond) {
  score::Scorer scorer{score::ScoreSettings{}};
  const records::Observation row = sample(1, scorer);
  std::string out;
  out.reserve(std::size_t{1} << 16);
  const std::clock_t begin = std::clock();  // CPU time: other programs do not count
  constexpr int kRows = 2000;
  for (int i = 0; i < kRows; ++i) {
    out.clear();
    append_csv(out, frame_columns(), row);
  }
  const double us_per_row = 1e6 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC / kRows;
  std::printf("[  figure  ] %.2f us of CPU a row of %zu bytes\n", us_per_row, out.size());
#if defined(NDEBUG) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LT(us_per_row, 50);  // of the program as it ships
#endif
}

TEST(Json, IsOneObjectWithTheSameColumns) {
  score::Scorer scorer{score::ScoreSettings{}};
  std::string text;
  append_json(text, sample(3, scorer));  // a gap
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json.size(), frame_columns().size());
  EXPECT_EQ(json["valid"], false);
  EXPECT_EQ(json["reason"], "blurred");
  EXPECT_TRUE(json["happy"].is_null());
  EXPECT_EQ(json["utc"], "2026-01-01T00:00:00.100101Z");
  EXPECT_EQ(json["box_w"].get<float>(), 100.1F);
}

RC_GTEST_PROP(Rows, AnyTextSurvivesCsvAndJson, (std::string models)) {
  PersonSummary person{score::ScoreSettings{}};
  std::erase_if(models, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  models += "m";  // an empty one is no value
  person.models = models;
  std::string json, csv_row;
  append_json(json, session_columns(), person);
  RC_ASSERT(nlohmann::json::parse(json)["models"].get<std::string>() == models);
  append_csv(csv_row, session_columns(), person);
  RC_ASSERT(std::count(csv_row.begin(), csv_row.end(), '"') % 2 == 0);
}

// docs/formats.md holds the tables between marks; PYRO_UPDATE_DOCS=1 writes them anew.
template <typename Row>
void expect_documented(std::string_view mark, std::span<const Column<Row>> columns) {
  const std::filesystem::path path = std::filesystem::path{PYRO_SOURCE_DIR} / "docs" / "formats.md";
  std::string text = content(path);
  const std::string begin = "<!-- " + std::string{mark} + " -->\n", end = "<!-- end -->";
  const std::size_t from = text.find(begin);
  ASSERT_NE(from, std::string::npos) << "no mark \"" << mark << "\" in " << path;
  const std::size_t first = from + begin.size(), last = text.find(end, first);
  ASSERT_NE(last, std::string::npos);
  const std::string table = markdown_table(columns);
  if (std::getenv("PYRO_UPDATE_DOCS") != nullptr) {
    std::ofstream{path, std::ios::binary} << text.replace(first, last - first, table);
    return;
  }
  EXPECT_EQ(text.substr(first, last - first), table) << "run this test with PYRO_UPDATE_DOCS=1";
}

TEST(Docs, FormatsHoldsTheColumnsAsTheyAre) {
  expect_documented("columns of frames.csv", frame_columns());
  expect_documented("columns of session.csv", session_columns());
}

}  // namespace
}  // namespace pyro::report
