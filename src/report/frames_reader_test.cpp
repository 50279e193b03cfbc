#include "pyro/report/frames_reader.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <random>
#include <sstream>

#include "pyro/base/csv_records.hpp"
#include "pyro/report/rows.hpp"
#include "pyro/report/run_files.hpp"
#include "test_support.hpp"

namespace pyro::report {
namespace {

constexpr char kSeven[] = "angry,disgust,fear,happy,sad,surprise,neutral";

Result<FramesReader> reader(const std::string& text) {
  return FramesReader::read(std::make_unique<std::istringstream>(text), "frames.csv");
}

// The message of the error that reading all of it ends in; empty when there is none.
std::string error_of(const std::string& text) {
  Result<FramesReader> frames = reader(text);
  if (!frames) return frames.error().message;
  RecordedFrame row;
  for (;;) {
    const Result<bool> more = frames->next(row);
    if (!more) return more.error().message;
    if (!*more) return "";
  }
}

TEST(FramesReader, OnlyTheSevenAreNeeded) {
  Result<FramesReader> frames =
      reader("neutral,x,angry,disgust,fear,happy,sad,surprise\r\n0.5,\"a,\"\"b\",0.5,0,0,0,0,0\r\n");
  ASSERT_TRUE(frames) << frames.error().text();
  RecordedFrame row;
  ASSERT_TRUE(*frames->next(row));
  EXPECT_EQ(row.p, (score::Probabilities{0.5, 0, 0, 0, 0, 0, 0.5}));
  EXPECT_TRUE(row.seen.valid);
  EXPECT_EQ(row.seen.face.face_id, 0);
  EXPECT_EQ(row.line, 2);
  EXPECT_FALSE(*frames->next(row));
}

TEST(FramesReader, ErrorsNameLineAndColumn) {
  const std::string head = std::string{kSeven} + ",time_s\n";
  EXPECT_EQ(error_of(""), "frames.csv is empty; give a frames.csv");
  EXPECT_EQ(
      error_of("angry,happy\n"),
      "frames.csv has no column disgust; needed are angry, disgust, fear, happy, sad, surprise, neutral");
  EXPECT_EQ(error_of(head + "0,0,0,0,0,0,1,0\n0,0,0,x1,0,0,1,0\n"),
            "frames.csv line 3, column happy: \"x1\" is not a number");
  EXPECT_EQ(error_of(head + "0,0,0,1.5,0,0,1,0\n"),
            "frames.csv line 2, column happy: \"1.5\" is no probability; give 0 to 1");
  EXPECT_EQ(error_of(head + "0,0,0,,0,0,1,0\n"),
            "frames.csv line 2, column happy: is empty beside others that are not; give all seven or none");
  EXPECT_EQ(error_of(head + "0,0,0,0.5,0,0,0.1,0\n"),
            "frames.csv line 2: the seven probabilities sum to 0.600000; they must sum to 1");
  EXPECT_EQ(error_of(head + "0,0,0,0,0,0,1,5\n0,0,0,0,0,0,1,4\n"),
            "frames.csv line 3, column time_s: \"4\" is before the row above; sort the rows by time");
  EXPECT_EQ(error_of(head + "0,0,0,0,0,0,1\n"),
            "frames.csv line 2 has 7 cells, the header 8; was the file cut?");
  EXPECT_EQ(error_of(head + "\"0,0,0,0,0,0,1\n"),
            "frames.csv line 2 opens a quote that is never closed; was the file cut?");
  EXPECT_EQ(error_of(head + "\"0\"1,0,0,0,0,0,1,1\n"),
            "frames.csv line 2 has text after a closing quote in cell 1; quote the whole cell");
  EXPECT_EQ(error_of(head + std::string(CsvRecords::kLongest + 1, '1')),
            "frames.csv line 2 is longer than 1 MiB; is this a CSV file?");
  EXPECT_EQ(error_of(head + "0,0,0,0,0,0,1,inf\n"),
            "frames.csv line 2, column time_s: \"inf\" is not a number");
  EXPECT_EQ(error_of(std::string{kSeven} + ",happy\n"),
            "frames.csv line 1, column happy: the header has it twice; leave one");
  EXPECT_EQ(error_of("\xEF\xBB\xBF" + head + "\n0,0,0,0,0,0,1,0"), "")
      << "byte order mark, empty line, no last line break";
}

TEST(FramesReader, FilesThatCannotBeRead) {
  EXPECT_EQ(exit_code(FramesReader::open("/nowhere/frames.csv").error().code), 3);
  EXPECT_NE(FramesReader::open("/tmp").error().message.find("is a folder"), std::string::npos);
}

TEST(FramesReader, OurOwnFileGivesItsOwnSession) {
  const Scratch scratch;
  Provenance about;
  about.score.window = Seconds{2};
  Result<RunFiles> files = RunFiles::create(scratch / "", about);
  ASSERT_TRUE(files);
  score::Scorer scorer{about.score};
  for (std::int64_t i = 0; i < 500; ++i) {
    const records::Observation row = i % 11 == 5 ? nobody(i) : sample(i, scorer);
    ASSERT_TRUE(files->append({&row, 1}));
  }
  ASSERT_TRUE(files->finish(RunState::finished));
  Result<FramesReader> frames = FramesReader::open(scratch / "frames.csv");
  ASSERT_TRUE(frames) << frames.error().text();
  const Result<SessionTable> table = score_recorded(*frames, about.score);
  ASSERT_TRUE(table) << table.error().text();
  ASSERT_EQ(table->persons().size(), 1U);
  const PersonSummary& again = table->persons()[0];
  const PersonSummary& first = files->session().persons()[0];
  EXPECT_EQ(again.score.mean(), first.score.mean()) << "float64 columns: to the last bit";
  EXPECT_EQ(again.score.volatility(), first.score.volatility());
  EXPECT_EQ(again.score.min(), first.score.min());
  EXPECT_EQ(again.frames, first.frames);
  EXPECT_EQ(again.valid_frames, first.valid_frames);
  EXPECT_EQ(again.start, first.start);
  EXPECT_EQ(again.blinks, first.blinks);
  EXPECT_EQ(again.eyes_seen, first.eyes_seen);
  EXPECT_EQ(table->gaps(), files->session().gaps());
}

TEST(ReadBaseline, ComesFromAnEarlierRun) {
  const Scratch scratch;
  Provenance about;
  about.score.profile = score::Profile::extended;
  about.score.baseline = Seconds{1};
  Result<RunFiles> files = RunFiles::create(scratch / "", about);
  ASSERT_TRUE(files);
  score::Scorer scorer{about.score};
  for (std::int64_t i = 0; i < 100; ++i) {
    const records::Observation row = sample(i, scorer);
    ASSERT_TRUE(files->append({&row, 1}));
  }
  ASSERT_TRUE(files->finish(RunState::finished));
  const Result<score::Baseline> baseline = read_baseline(scratch / "session.json");
  ASSERT_TRUE(baseline) << baseline.error().text();
  EXPECT_EQ(baseline->mean, scorer.baseline()->mean);
  EXPECT_EQ(baseline->deviation, scorer.baseline()->deviation);
  EXPECT_FALSE(read_baseline(scratch / "session.json", 7));
  EXPECT_FALSE(read_baseline(scratch / "frames.csv"));
  EXPECT_FALSE(read_baseline(scratch / "missing.json"));
}

// Whatever is done to a good file's bytes, reading ends in rows or an error.
RC_GTEST_PROP(FramesReader, DamagedBytesAreSafe, ()) {
  static const std::string good = [] {
    std::string text;
    append_csv_header(text, frame_columns());
    score::Scorer scorer{score::ScoreSettings{}};
    for (std::int64_t i = 0; i < 5; ++i) append_csv(text, frame_columns(), sample(i, scorer));
    return text;
  }();
  std::string text = good;
  const auto edits = *rc::gen::container<std::vector<std::pair<std::uint16_t, char>>>(rc::gen::pair(
      rc::gen::arbitrary<std::uint16_t>(), rc::gen::element('"', ',', '\n', '\r', '9', 'e', '\0', '-', '.')));
  for (const auto& [at, c] : edits) text[at % text.size()] = c;
  text.resize(*rc::gen::inRange<std::size_t>(0, text.size() + 1));
  error_of(text);
}

}  // namespace
}  // namespace pyro::report
