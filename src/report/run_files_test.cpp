#include "pyro/report/run_files.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "pyro/records/notice.hpp"
#include "pyro/report/output_file.hpp"
#include "pyro/report/rows.hpp"
#include "test_support.hpp"

namespace pyro::report {
namespace {

namespace fs = std::filesystem;

Provenance about() {
  Provenance provenance;
  provenance.software_version = "0.0.0-test";
  provenance.input.name = "a \"clip\", \xff.mp4";
  provenance.models = {{"mesh", "1.0.0", "abc", "Apache-2.0"}, {"expression", "0.1.0", "", ""}};
  provenance.settings = {{"detector", "blazeface"}};
  return provenance;
}

std::size_t lines(const fs::path& path) {
  const std::string text = content(path);
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

// Appends `frames` frames of one person, one of them without a face.
void fill(RunFiles& files, std::int64_t frames) {
  score::Scorer scorer{score::ScoreSettings{}};
  for (std::int64_t i = 0; i < frames; ++i) {
    const records::Observation row = i == 1 ? nobody(i) : sample(i, scorer);
    ASSERT_TRUE(files.append({&row, 1}));
  }
}

TEST(RunFiles, WritesAllOfThemAndAgrees) {
  const Scratch scratch;
  const fs::path out = scratch / "new/folder";
  {
    Result<RunFiles> files = RunFiles::create(out, about());
    ASSERT_TRUE(files) << files.error().text();
    fill(*files, 100);
    files->note_dropped(3);
    ASSERT_TRUE(files->finish(RunState::finished));
    EXPECT_EQ(files->session().frames(), 100);
  }
  EXPECT_EQ(lines(out / "frames.csv"), 101U);
  EXPECT_EQ(lines(out / "session.csv"), 2U);
  EXPECT_FALSE(fs::exists(out / "frames.parquet"));
  const auto session = nlohmann::json::parse(content(out / "session.json"));
  EXPECT_EQ(session["schema"], "pyrometer-session/1");
  EXPECT_EQ(session["state"], "finished");
  EXPECT_EQ(session["notice"], records::kNotice);
  EXPECT_EQ(session["frames"], 100);
  EXPECT_EQ(session["dropped_frames"], 3);
  EXPECT_EQ(session["gaps"]["no_face"], 1);
  EXPECT_EQ(session["gaps"]["blurred"], 14);
  EXPECT_EQ(session["settings"]["hash"], about().settings_hash());
  EXPECT_EQ(session["settings"]["detector"], "blazeface");
  const auto& person = session["persons"].at(0);
  EXPECT_EQ(person["frames"], 99);
  EXPECT_EQ(person["valid_frames"], 85);
  EXPECT_EQ(person["models"], "mesh 1.0.0; expression 0.1.0");
  EXPECT_EQ(person["blinks"], 1);
}

TEST(RunFiles, TheSameCommandCanBeGivenAgain) {
  const Scratch scratch;
  for (const int frames : {50, 5}) {
    Result<RunFiles> files = RunFiles::create(scratch / "out", about(), {.parquet = frames == 50});
    ASSERT_TRUE(files);
    fill(*files, frames);
    ASSERT_TRUE(files->finish(RunState::finished));
  }
  EXPECT_EQ(lines(scratch / "out/frames.csv"), 6U);
  EXPECT_FALSE(fs::exists(scratch / "out/frames.parquet")) << "an earlier run's would pass for this one's";
}

TEST(RunFiles, AForeignFileIsNotReplaced) {
  const Scratch scratch;
  std::ofstream{scratch / "frames.csv"} << "my,own,table\n";
  const Result<RunFiles> files = RunFiles::create(scratch / "", about());
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().code, ErrorCode::wrong_use);
  EXPECT_EQ(content(scratch / "frames.csv"), "my,own,table\n");
}

TEST(RunFiles, TwoRunsDoNotShareAFolder) {
  const Scratch scratch;
  Result<RunFiles> first = RunFiles::create(scratch / "", about());
  ASSERT_TRUE(first);
  fill(*first, 10);
  const Result<RunFiles> second = RunFiles::create(scratch / "", about());
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message.find("another run"), std::string::npos);
  EXPECT_EQ(lines(scratch / "frames.csv"), 11U);
}

TEST(RunFiles, AFileInTheFoldersPlaceIsAnError) {
  const Scratch scratch;
  std::ofstream{scratch / "taken"} << "x";
  for (const char* name : {"taken", "taken/below"}) {
    const Result<RunFiles> files = RunFiles::create(scratch / name, about());
    ASSERT_FALSE(files);
    EXPECT_EQ(exit_code(files.error().code), 4);
    EXPECT_NE(files.error().message.find(name), std::string::npos);
  }
}

TEST(RunFiles, AKilledRunKeepsEveryRow) {
  const Scratch scratch;
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  if (child == 0) {
    Result<RunFiles> files =
        RunFiles::create(scratch / "", about(), {.parquet = true, .refresh = Seconds{0}});
    if (!files) _exit(1);
    score::Scorer scorer{score::ScoreSettings{}};
    for (std::int64_t i = 0; i < 77; ++i) {
      const records::Observation row = sample(i, scorer);
      if (!files->append({&row, 1})) _exit(1);
    }
    const char byte = 1;
    if (write(ready[1], &byte, 1) != 1) _exit(1);
    pause();
  }
  char byte = 0;
  close(ready[1]);
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  close(ready[0]);
  EXPECT_EQ(lines(scratch / "frames.csv"), 78U);
  EXPECT_EQ(content(scratch / "frames.csv").back(), '\n');
  const auto session = nlohmann::json::parse(content(scratch / "session.json"));
  EXPECT_EQ(session["state"], "running");
  EXPECT_EQ(session["frames"], 77);
  EXPECT_FALSE(fs::exists(scratch / "frames.parquet")) << "a file without its index";
}

TEST(OutputFile, AFullDiskIsSaidAndNothingElseIsLost) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  Result<OutputFile> file = OutputFile::create("/dev/full");
  ASSERT_TRUE(file);
  const Status written = file->write("row\n");
  ASSERT_FALSE(written);
  EXPECT_EQ(exit_code(written.error().code), 4);
  EXPECT_NE(written.error().message.find("disk is full"), std::string::npos);
}

TEST(OutputFile, ARecordThatDoesNotFitIsTakenBackWhole) {
  const Scratch scratch;
  const pid_t child = fork();
  if (child == 0) {
    // A limit on the file's size stands for the disk's end: it too takes only a part of a write.
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{100, 100};
    setrlimit(RLIMIT_FSIZE, &limit);
    Result<OutputFile> file = OutputFile::create(scratch / "frames.csv");
    const std::string row(39, 'x');
    int written = 0;
    while (file && file->write(row + "\n")) ++written;
    _exit(written);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 2);
  EXPECT_EQ(content(scratch / "frames.csv").size(), 80U);
}

TEST(SessionTable, CountsOnlyTimeInWhichTheEyesWereRead) {
  SessionTable table{score::ScoreSettings{}, "m 1", "hash"};
  records::Observation row;
  row.face.face_id = 4;
  row.valid = true;
  row.fatigue.eye_openness = 1;
  for (const auto& [time_s, closed] : {std::pair{0.0, false}, std::pair{0.5, true}, std::pair{1.0, false},
                                       std::pair{10.0, true}, std::pair{10.5, true}}) {
    row.time = Seconds{time_s};
    row.fatigue.eyes_closed = closed;
    ++row.frame;
    table.add(row);
  }
  ASSERT_EQ(table.persons().size(), 1U);
  EXPECT_EQ(table.persons()[0].eyes_seen.count(), 1.5);
  EXPECT_EQ(table.persons()[0].eyes_closed.count(), 1.0);
  EXPECT_EQ(table.persons()[0].face_id, 4);
}

}  // namespace
}  // namespace pyro::report
