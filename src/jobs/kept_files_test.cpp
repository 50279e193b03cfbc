#include "kept_files.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <thread>

namespace pyro::jobs {
namespace {

namespace fs = std::filesystem;

class KeptFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "pyro-kept-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  void TearDown() override { fs::remove_all(folder_); }

  static void write(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
  }
  static std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }

  fs::path folder_;
  security::SealKey key_ = security::SealKey::random(1);
};

TEST_F(KeptFilesTest, AreSealedForTheNextAttemptAndComeBack) {
  {
    KeptFiles first(folder_ / "run-1.part" / "kept", folder_ / "kept", key_);
    ASSERT_TRUE(first.open());
    write(folder_ / "run-1.part" / "kept" / "run" / "checkpoint.pt", "what was learned");
    ASSERT_TRUE(first.seal());
  }
  EXPECT_TRUE(fs::exists(folder_ / "kept" / "run" / "checkpoint.pt"));
  EXPECT_EQ(read(folder_ / "kept" / "run" / "checkpoint.pt").find("learned"), std::string::npos);
  fs::remove_all(folder_ / "run-1.part");
  KeptFiles second(folder_ / "run-2.part" / "kept", folder_ / "kept", key_);
  ASSERT_TRUE(second.open());
  EXPECT_EQ(read(folder_ / "run-2.part" / "kept" / "run" / "checkpoint.pt"), "what was learned");
  // A later state takes the place of the earlier one.
  std::this_thread::sleep_for(std::chrono::milliseconds{20});
  write(folder_ / "run-2.part" / "kept" / "run" / "checkpoint.pt", "more of it");
  ASSERT_TRUE(second.seal());
  KeptFiles third(folder_ / "run-3.part" / "kept", folder_ / "kept", key_);
  ASSERT_TRUE(third.open());
  EXPECT_EQ(read(folder_ / "run-3.part" / "kept" / "run" / "checkpoint.pt"), "more of it");
}

TEST_F(KeptFilesTest, OfAnotherKeyOrDamagedAreAsIfTheyHadNotBeenThere) {
  KeptFiles first(folder_ / "a", folder_ / "kept", security::SealKey::random(1));
  ASSERT_TRUE(first.open());
  write(folder_ / "a" / "x", "text");
  ASSERT_TRUE(first.seal());
  KeptFiles second(folder_ / "b", folder_ / "kept", key_);
  ASSERT_TRUE(second.open());
  EXPECT_TRUE(fs::is_empty(folder_ / "b"));
}

}  // namespace
}  // namespace pyro::jobs
