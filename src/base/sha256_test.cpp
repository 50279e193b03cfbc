#include "pyro/base/sha256.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace pyro {
namespace {

TEST(Sha256, IsTheStandardOne) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Sha256, OfAFileIsThatOfItsBytes) {
  const std::filesystem::path file = std::filesystem::path(testing::TempDir()) / "pyro-sha256";
  const std::string bytes((std::size_t{3} << 20U) + 7, 'x');
  std::ofstream(file, std::ios::binary) << bytes;
  EXPECT_EQ(sha256_of_file(file).value(), sha256_hex(bytes));
  std::filesystem::remove(file);
  EXPECT_FALSE(sha256_of_file(file));
}

}  // namespace
}  // namespace pyro
