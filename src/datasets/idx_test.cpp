#include "pyro/datasets/idx.hpp"

#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <fstream>
#include <string>

namespace pyro::datasets {
namespace {

class Idx : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }
  void put(const std::string& bytes) { std::ofstream(path_, std::ios::binary) << bytes; }
  void put_compressed(const std::string& bytes) {
    gzFile file = gzopen(path_.c_str(), "wb");
    gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
    gzclose(file);
  }
  void expect_refused(const std::string& part) {
    const Result<IdxArray> array = read_idx(path_);
    ASSERT_FALSE(array);
    EXPECT_EQ(array.error().code, ErrorCode::bad_input);
    EXPECT_NE(array.error().message.find(path_.string()), std::string::npos);
    EXPECT_NE(array.error().message.find(part), std::string::npos) << array.error().message;
  }

  std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / ("pyro_idx_test_" + std::to_string(::getpid()));
};

// Two pictures of 1×3.
const std::string kTwo(
    "\0\0\x08\x03\0\0\0\x02\0\0\0\x01\0\0\0\x03"
    "abcdef",
    22);

TEST_F(Idx, ReadsPlainAndCompressed) {
  for (const bool compressed : {false, true}) {
    compressed ? put_compressed(kTwo) : put(kTwo);
    const Result<IdxArray> array = read_idx(path_);
    ASSERT_TRUE(array) << array.error().text();
    EXPECT_EQ(array->dims, (std::vector<std::uint32_t>{2, 1, 3}));
    EXPECT_EQ(std::string(array->bytes.begin(), array->bytes.end()), "abcdef");
  }
}

TEST_F(Idx, RefusesWhatIsBroken) {
  expect_refused("cannot be opened");
  put("");
  expect_refused("magic");
  put("no idx file at all");
  expect_refused("magic");
  put(kTwo.substr(0, 10));
  expect_refused("header");
  put(kTwo.substr(0, 21));
  expect_refused("ends before its 6 bytes");
  put(kTwo + "x");
  expect_refused("more bytes");
  std::string floats = kTwo;
  floats[2] = '\x0d';
  put(floats);
  expect_refused("unsigned bytes");
  std::string forged = kTwo;
  forged[4] = '\x7f';
  forged[8] = '\x7f';
  put(forged);
  expect_refused("4 GiB");
}

TEST_F(Idx, RefusesACompressedFileThatIsCutOff) {
  put_compressed(kTwo);
  std::filesystem::resize_file(path_, std::filesystem::file_size(path_) - 12);
  ASSERT_FALSE(read_idx(path_));
}

}  // namespace
}  // namespace pyro::datasets
