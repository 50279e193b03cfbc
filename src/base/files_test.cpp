#include "pyro/base/files.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace pyro {
namespace {

namespace fs = std::filesystem;

class Files : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }
  [[nodiscard]] std::string content() const { return read_whole(folder_ / "a", 1000).value_or("none"); }

  fs::path folder_ = fs::temp_directory_path() / ("pyro_files_test_" + std::to_string(::getpid()));
};

TEST_F(Files, AFileIsReplacedAsAWhole) {
  for (const Survives survives : {Survives::kill, Survives::power_cut}) {
    ASSERT_TRUE(replace_file(folder_ / "a", "old", survives));
    ASSERT_TRUE(replace_file(folder_ / "a", "new", survives));
    EXPECT_EQ(content(), "new");
    EXPECT_FALSE(fs::exists(folder_ / "a.part"));
  }
}

TEST_F(Files, ReplacingKeepsTheOldWhenItFails) {
  ASSERT_TRUE(replace_file(folder_ / "a", "old"));
  fs::create_directory(folder_ / "a.part");
  EXPECT_FALSE(replace_file(folder_ / "a", "new"));
  EXPECT_EQ(content(), "old");
}

TEST_F(Files, WhatDoesNotFitLeavesNothing) {
  ASSERT_TRUE(replace_file(folder_ / "a", "old"));
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{4, 4};
    ::setrlimit(RLIMIT_FSIZE, &small);
    const Status status = replace_file(folder_ / "a", "longer than four");
    _exit(!status && status.error().code == ErrorCode::failed ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(content(), "old");
  EXPECT_FALSE(fs::exists(folder_ / "a.part"));
}

TEST_F(Files, ErrorsNameTheFileAndTheWayOut) {
  const Status nowhere = write_durably(folder_ / "no" / "a", "x");
  ASSERT_FALSE(nowhere);
  EXPECT_NE(nowhere.error().message.find("folder does not exist"), std::string::npos);
  EXPECT_NE(nowhere.error().message.find((folder_ / "no" / "a").string()), std::string::npos);
  EXPECT_EQ(read_whole(folder_ / "a", 10).error().code, ErrorCode::bad_input);
  ASSERT_TRUE(write_durably(folder_ / "a", "0123456789"));
  EXPECT_TRUE(read_whole(folder_ / "a", 10));
  EXPECT_EQ(read_whole(folder_ / "a", 9).error().code, ErrorCode::bad_input);
}

}  // namespace
}  // namespace pyro
